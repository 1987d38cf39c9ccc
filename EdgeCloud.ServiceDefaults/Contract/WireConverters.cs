using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeCloud.ServiceDefaults.Contract;

/// <summary>ISO 8601 in UTC with exactly six decimals; reads any ISO 8601 time and takes one without an offset as UTC.</summary>
internal sealed class MicrosecondTimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Iso8601.TryParse(reader.GetString(), out var time) ? time : throw new JsonException("a time must be an ISO 8601 string");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        value.ToUniversalTime().TryFormat(text, out var length, Iso8601.WireFormat, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}

/// <summary><c>[x, y]</c>.</summary>
internal sealed class PointConverter : JsonConverter<Point>
{
    public override Point Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("a point must be an array [x, y]");

        var x = Coordinate(ref reader);
        var y = Coordinate(ref reader);
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
            throw new JsonException("a point must have two coordinates");
        return new Point(x, y);

        static double Coordinate(ref Utf8JsonReader reader) =>
            reader.Read() && reader.TokenType == JsonTokenType.Number && reader.GetDouble() is var value && double.IsFinite(value)
                ? value
                : throw new JsonException("a coordinate must be a finite number");
    }

    public override void Write(Utf8JsonWriter writer, Point value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.X);
        writer.WriteNumberValue(value.Y);
        writer.WriteEndArray();
    }
}
