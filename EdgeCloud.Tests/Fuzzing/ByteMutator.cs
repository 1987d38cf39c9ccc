namespace EdgeCloud.Tests.Fuzzing;

/// <summary>Damage that knows nothing of the format.</summary>
internal static class ByteMutator
{
    private static readonly byte[] Boundaries = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF, (byte)'"', (byte)'\\', (byte)'\n'];

    /// <param name="bytes">Left as they are.</param>
    /// <param name="other">Where a splice takes its part from.</param>
    /// <param name="random">Decides.</param>
    public static byte[] Mutate(byte[] bytes, byte[] other, Random random)
    {
        var (start, length) = Block(bytes, random);
        switch (random.Next(7))
        {
            case 0:
                return Changed(bytes, random, value => (byte)(value ^ (1 << random.Next(8))));
            case 1:
                return Changed(bytes, random, _ => Boundaries[random.Next(Boundaries.Length)]);
            case 2:
                return bytes[..start];
            case 3:
                return [.. bytes[..start], .. bytes[(start + length)..]];
            case 4:
                return [.. bytes[..(start + length)], .. bytes[start..]];
            case 5:
                var (otherStart, otherLength) = Block(other, random);
                var part = other[otherStart..(otherStart + otherLength)];
                return [.. bytes[..start], .. part, .. bytes[(start + length)..]];
            default:
                var noise = new byte[random.Next(1, 32)];
                random.NextBytes(noise);
                return [.. bytes[..start], .. noise, .. bytes[start..]];
        }
    }

    private static byte[] Changed(byte[] bytes, Random random, Func<byte, byte> change)
    {
        var changed = bytes.ToArray();
        for (var i = random.Next(1, 5); i > 0 && changed.Length > 0; i--)
        {
            var position = random.Next(changed.Length);
            changed[position] = change(changed[position]);
        }

        return changed;
    }

    /// <summary>Short ones more often than long ones.</summary>
    private static (int Start, int Length) Block(byte[] bytes, Random random)
    {
        var start = random.Next(bytes.Length + 1);
        return (start, random.Next(Math.Min(bytes.Length - start, 1 << random.Next(12)) + 1));
    }
}
