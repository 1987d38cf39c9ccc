using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeCloud.Contract;

/// <summary>
/// ISO 8601 in UTC with exactly six decimals; reads any ISO 8601 time and takes one without an offset as UTC.
/// </summary>
internal sealed class MicrosecondTimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Iso8601.TryParse(reader.GetString(), out var time)
            ? time
            : throw new JsonException("a time must be an ISO 8601 string");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        value.ToUniversalTime().TryFormat(text, out var length, Iso8601.WireFormat, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}

/// <summary><c>short</c> or <c>full</c>, and nothing else.</summary>
internal sealed class FaceModelConverter()
    : JsonStringEnumConverter<FaceModel>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary><c>rtsp</c>, <c>http</c>, <c>file</c> or <c>video</c>, and nothing else.</summary>
internal sealed class SourceKindConverter()
    : JsonStringEnumConverter<SourceKind>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary><c>forward</c> or <c>backward</c>, and nothing else.</summary>
internal sealed class CrossingDirectionConverter()
    : JsonStringEnumConverter<CrossingDirection>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary><c>started</c>, <c>updated</c> or <c>ended</c>, and nothing else.</summary>
internal sealed class PresenceTypeConverter()
    : JsonStringEnumConverter<PresenceType>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary><c>left</c>, <c>stopped</c> or <c>lost</c>, and nothing else.</summary>
internal sealed class PresenceEndConverter()
    : JsonStringEnumConverter<PresenceEnd>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary><c>[x, y]</c>.</summary>
internal sealed class PointConverter : NumbersConverter<Point>
{
    protected override int Count => 2;

    protected override Point From(ReadOnlySpan<double> numbers) => new(numbers[0], numbers[1]);

    protected override void To(Point value, Span<double> numbers) => (numbers[0], numbers[1]) = (value.X, value.Y);
}

/// <summary><c>[x, y, z, visibility]</c>.</summary>
internal sealed class LandmarkConverter : NumbersConverter<Landmark>
{
    protected override int Count => 4;

    protected override Landmark From(ReadOnlySpan<double> numbers) =>
        new(numbers[0], numbers[1], numbers[2], numbers[3]);

    protected override void To(Landmark value, Span<double> numbers) =>
        (numbers[0], numbers[1], numbers[2], numbers[3]) = (value.X, value.Y, value.Z, value.Visibility);
}

/// <summary><c>[x, y, z]</c>.</summary>
internal sealed class WorldLandmarkConverter : NumbersConverter<WorldLandmark>
{
    protected override int Count => 3;

    protected override WorldLandmark From(ReadOnlySpan<double> numbers) => new(numbers[0], numbers[1], numbers[2]);

    protected override void To(WorldLandmark value, Span<double> numbers) =>
        (numbers[0], numbers[1], numbers[2]) = (value.X, value.Y, value.Z);
}

/// <summary>A value that is an array of so many finite numbers on the wire.</summary>
internal abstract class NumbersConverter<T> : JsonConverter<T>
{
    protected abstract int Count { get; }

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Wrong();

        Span<double> numbers = stackalloc double[Count];
        foreach (ref var number in numbers)
            number = reader.Read() && reader.TokenType == JsonTokenType.Number
                && reader.GetDouble() is var value && double.IsFinite(value) ? value : throw Wrong();
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray ? From(numbers) : throw Wrong();
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        Span<double> numbers = stackalloc double[Count];
        To(value, numbers);
        writer.WriteStartArray();
        foreach (var number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    protected abstract T From(ReadOnlySpan<double> numbers);

    protected abstract void To(T value, Span<double> numbers);

    private JsonException Wrong() => new($"a {typeof(T).Name} must be an array of {Count} finite numbers");
}
