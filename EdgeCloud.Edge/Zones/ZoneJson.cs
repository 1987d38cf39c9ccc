using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Zones;

/// <summary>Zones as JSON, of HTTP and of the file alike.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true,
    Converters = [typeof(ZonePointConverter)])]
[JsonSerializable(typeof(DeviceZones))]
[JsonSerializable(typeof(ZoneFileContent))]
internal sealed partial class ZoneJson : JsonSerializerContext
{
    /// <returns>What is wrong and where; the framework says where only in messages of its own.</returns>
    public static string Describe(JsonException exception)
    {
        var problem = JsonProblem.Describe(exception);
        return exception.Path is not { } path || problem.Contains("Path: ", StringComparison.Ordinal)
            ? problem
            : $"{problem} Path: {path}.";
    }
}

/// <summary><c>[x, y]</c>.</summary>
internal sealed class ZonePointConverter : JsonConverter<Point>
{
    public override Point Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Wrong();
        var point = new Point(Number(ref reader), Number(ref reader));
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray ? point : throw Wrong();

        static double Number(ref Utf8JsonReader reader) =>
            reader.Read() && reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : throw Wrong();
    }

    public override void Write(Utf8JsonWriter writer, Point value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.X);
        writer.WriteNumberValue(value.Y);
        writer.WriteEndArray();
    }

    private static JsonException Wrong() => new("a point must be an array of two numbers, [x, y]");
}

/// <summary>The file: the zones of each device by its id.</summary>
internal sealed record ZoneFileContent
{
    public required IReadOnlyDictionary<string, DeviceZones> Devices { get; init; }
}
