using System.Globalization;

namespace EdgeCloud.Carbon;

/// <summary>
/// How long all processors of the machine together were busy: /proc/stat, which a container sees
/// of the whole machine too.
/// </summary>
internal sealed class MachineCpuTime(string root)
{
    /// <summary>USER_HZ, the same on every Linux since 2.6, whatever the kernel's own tick.</summary>
    private const double TicksPerSecond = 100;

    private const int Idle = 3;
    private const int IoWait = 4;
    private const int Steal = 7;

    public TimeSpan? Read()
    {
        try
        {
            var fields = File.ReadLines(Path.Combine(root, "proc/stat"))
                .First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).ToArray();

            // Guests, which follow, are part of user and nice.
            var busy = fields.Take(Steal).Where((_, index) => index is not (Idle or IoWait))
                .Sum(field => double.Parse(field, CultureInfo.InvariantCulture));
            return TimeSpan.FromSeconds(busy / TicksPerSecond);
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
