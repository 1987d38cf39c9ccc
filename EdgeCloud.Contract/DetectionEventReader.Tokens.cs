using System.Text.Json;

namespace EdgeCloud.Contract;

/// <summary>
/// The steps that all members are read with: Read… goes on to the value first, the others look at the
/// value the reader is at.
/// </summary>
internal static partial class DetectionEventReader
{
    private static DateTimeOffset ReadTime(ref Utf8JsonReader reader, string what)
    {
        reader.Read();
        return Time(reader, what);
    }

    private static DateTimeOffset Time(in Utf8JsonReader reader, string what)
    {
        Expect(reader, JsonTokenType.String, what);

        // As the edge writes it, in UTC: without a detour over a string. The framework takes a time without seconds,
        // which is none here.
        if (!reader.HasValueSequence && !reader.ValueIsEscaped
            && reader.ValueSpan is [.., (byte)'Z'] value && value.Length >= "2025-12-30T15:14:34Z".Length
            && reader.TryGetDateTimeOffset(out var exact))
            return exact.ToMicroseconds();
        return Iso8601.TryParse(reader.GetString(), out var time)
            ? time
            : throw new JsonException($"{what} is not an ISO 8601 time.");
    }

    private static long ReadCount(ref Utf8JsonReader reader, string what, long lowest, long highest)
    {
        reader.Read();
        return Count(reader, what, lowest, highest);
    }

    private static long Count(in Utf8JsonReader reader, string what, long lowest, long highest)
    {
        Expect(reader, JsonTokenType.Number, what);
        return reader.TryGetInt64(out var count) && count >= lowest && count <= highest
            ? count
            : throw new JsonException($"{what} is not a whole number of {lowest} to {highest}.");
    }

    /// <summary>For a number whose range is all that matters: see <see cref="InRange"/>.</summary>
    private static double ReadNumber(ref Utf8JsonReader reader, string what)
    {
        reader.Read();
        return Number(reader, what);
    }

    private static double Number(in Utf8JsonReader reader, string what)
    {
        Expect(reader, JsonTokenType.Number, what);
        return InRange(reader);
    }

    /// <returns>
    /// The number, or 0 for one that is written as 0 and decimals: it lies in 0..1, and no range that is checked begins
    /// or ends between. Most numbers of an event are of that kind, and to compute their values took a third of the time
    /// of reading an event. Not a number where there is no computing it.
    /// </returns>
    private static double InRange(in Utf8JsonReader number) =>
        IsFraction(number.ValueSpan) ? 0 : number.TryGetDouble(out var value) ? value : double.NaN;

    private static bool IsFraction(ReadOnlySpan<byte> digits) =>
        digits.StartsWith("0."u8) && !digits[2..].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static void RequireProbability(double? conf, string list, int index)
    {
        if (conf is not (>= 0 and <= 1))
            throw new JsonException($"{list}[{index}].conf must be there and lie in 0..1.");
    }

    private static bool ReadFlag(ref Utf8JsonReader reader, string what) =>
        !IsNull(ref reader) && reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw new JsonException($"{what} is neither true nor false."),
        };

    private static bool NextMember(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static bool NextElement(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    /// <summary>Goes on to a member's value, which may be null for one that may be absent.</summary>
    private static bool IsNull(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.Null;

    private static void Expect(in Utf8JsonReader reader, JsonTokenType expected, string what, int index = -1)
    {
        if (reader.TokenType != expected)
            throw new JsonException($"{(index < 0 ? what : $"{what}[{index}]")} is {Kind(reader.TokenType)} where "
                + $"{Kind(expected)} is expected.");
    }

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };

    private static JsonException Missing(string member) => new($"{member} is missing.");
}
