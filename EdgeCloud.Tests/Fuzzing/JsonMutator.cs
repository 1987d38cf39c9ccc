using System.Text;
using System.Text.Json;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>
/// Damage that knows the tokens of JSON, so that the result is often still JSON and something else than was meant.
/// </summary>
internal static class JsonMutator
{
    private static readonly byte[][] Values =
    [
        .. ((string[])
        [
            "null", "true", "{}", "[]", "\"\"", "0", "-1", "-0", "1.5", "1e999", "-1e999", "1e-400", "2147483647",
            "2147483648", "-9223372036854775809", "NaN", "Infinity", "\"NaN\"", "01", "+1", "0x1", "\"\\ud800\"",
            "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"a\\nb\"", "\"\u00ff\u00fe\"", "\"\u00ed\u00a0\u0080\"",
            "\"\u00c3\"",
            "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"2024-02-30T00:00:00Z\"",
            "\"00000000-0000-0000-0000-000000000000\"", "\"edgecloud.detection/2\"", "\"../../etc\"", "[[],[]]",
            "[null]", "[1,2,3,4,5,6,7,8]", "/**/1", "1,",
        ]).Select(Encoding.Latin1.GetBytes),
    ];

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    public static byte[] Mutate(byte[] json, Random random)
    {
        var tokens = Tokens(json);
        if (tokens.Count == 0)
            return json;
        var (one, other) = (tokens[random.Next(tokens.Count)], tokens[random.Next(tokens.Count)]);
        return random.Next(10) switch
        {
            0 or 1 or 2 => Replaced(json, one, Values[random.Next(Values.Length)]),
            3 => Replaced(json, one, json[other]),
            4 => Replaced(json, one, []),
            5 => Replaced(json, one, Nested(json[one], random)),
            6 => Replaced(json, one, Digits((byte)('0' + random.Next(10)), 1 << random.Next(18))),
            7 => [.. "{"u8, .. json[one], .. ":"u8, .. Values[random.Next(Values.Length)], .. ","u8, .. json[1..]],
            8 => [.. json[..^1], .. ","u8, .. json[one], .. ":"u8, .. json[other], .. "}"u8],
            _ => random.Next(2) == 0 ? [.. ByteOrderMark, .. json] : [.. json, .. json],
        };
    }

    private static byte[] Digits(byte digit, int count) => [.. Enumerable.Repeat(digit, count)];

    private static byte[] Replaced(byte[] json, Range token, byte[] replacement) =>
        [.. json[..token.Start], .. replacement, .. json[token.End..]];

    private static byte[] Nested(byte[] token, Random random)
    {
        var depth = (int[])[1, 2, 60, 63, 64, 65, 1000, 50_000];
        var levels = depth[random.Next(depth.Length)];
        return random.Next(2) == 0
            ? [.. Enumerable.Repeat((byte)'[', levels), .. token, .. Enumerable.Repeat((byte)']', levels)]
            :
            [
                .. Enumerable.Repeat("{\"a\":"u8.ToArray(), levels).SelectMany(open => open), .. token,
                .. Enumerable.Repeat((byte)'}', levels),
            ];
    }

    /// <summary>Names and values, up to where it is no longer JSON.</summary>
    private static List<Range> Tokens(byte[] json)
    {
        List<Range> tokens = [];
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                var quotes = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 2 : 0;
                tokens.Add(start..(start + reader.ValueSpan.Length + quotes));
            }
        }
        catch (JsonException)
        {
            // It was damaged before.
        }

        return tokens;
    }
}
