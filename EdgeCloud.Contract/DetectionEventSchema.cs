using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace EdgeCloud.Contract;

/// <summary>
/// The event as JSON Schema, exported from the types that are read and written. Only what draft 7 and 2020-12 have in
/// common, beside where definitions lie, since AsyncAPI is of the one and OpenAPI of the other.
/// </summary>
public static class DetectionEventSchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private const string Definitions = "$defs";

    /// <summary>Those that are arrays of so many numbers on the wire, none beyond so much either way.</summary>
    private static readonly Dictionary<Type, (int Numbers, double Farthest)> Arrays = new()
    {
        [typeof(Point)] = (2, DetectionEventReader.FarthestBox),
        [typeof(Landmark)] = (4, DetectionEventReader.FarthestLandmark),
        [typeof(WorldLandmark)] = (3, DetectionEventReader.FarthestLandmark),
    };

    private static readonly Type[] Parts =
    [
        typeof(DetectionEvent), typeof(Face), typeof(FaceKeypoints), typeof(FaceModel), typeof(PersonPose),
        typeof(FrameInfo), typeof(TimingMilliseconds), typeof(SourceKind), typeof(ZoneFindings), typeof(ZoneOccupancy),
        typeof(LineCrossing), typeof(CrossingDirection), .. Arrays.Keys,
    ];

    private static readonly Type[] PresenceParts =
    [
        typeof(PresenceEvent), typeof(PresenceType), typeof(PresenceEnd), typeof(ZoneStay), typeof(LineCount),
    ];

    /// <returns>The document that is published.</returns>
    public static JsonObject Document()
    {
        var parts = Export($"#/{Definitions}/");
        parts.Remove(nameof(DetectionEvent), out var root);
        var document = new JsonObject
        {
            ["$schema"] = Dialect,
            ["$id"] = "urn:edgecloud:detection:1",
            ["title"] = nameof(DetectionEvent),
        };
        foreach (var (keyword, value) in root!.AsObject())
            document[keyword] = value?.DeepClone();
        document["examples"] = new JsonArray([.. DetectionEventExamples.All]);
        document[Definitions] = parts;
        return document;
    }

    /// <returns>The schema of the event and of each type that it is made of, by the type's name.</returns>
    /// <param name="referencePrefix">What comes before a type's name where another one refers to it.</param>
    public static JsonObject Export(string referencePrefix) => Export(referencePrefix, Parts);

    /// <returns>The same of <see cref="PresenceEvent"/>, without what the detection event has already.</returns>
    /// <param name="referencePrefix">What comes before a type's name where another one refers to it.</param>
    public static JsonObject ExportPresence(string referencePrefix) => Export(referencePrefix, PresenceParts);

    private static JsonObject Export(string referencePrefix, Type[] parts)
    {
        var exporter = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) => Transform(context, schema, referencePrefix),
        };
        return new JsonObject(parts.OrderBy(part => part.Name, StringComparer.Ordinal).Select(part =>
            KeyValuePair.Create(
                part.Name,
                (JsonNode?)DetectionEventContext.Default.GetTypeInfo(part)!.GetJsonSchemaAsNode(exporter))));
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode exported, string referencePrefix)
    {
        var nullable = Nullable.GetUnderlyingType(context.TypeInfo.Type);
        var type = nullable ?? context.TypeInfo.Type;
        var member = context.PropertyInfo;
        var mayBeNull = member is not null && (nullable is not null || member.IsGetNullable);
        var isPart = Parts.Contains(type) || PresenceParts.Contains(type);
        var schema = isPart && !context.Path.IsEmpty ? Reference(referencePrefix + type.Name, mayBeNull)
            : Arrays.TryGetValue(type, out var array) ? Numbers(array.Numbers, array.Farthest)
            : type == typeof(DateTimeOffset) ? Text(mayBeNull, "pattern", Iso8601.Pattern)
            : type == typeof(Guid) ? Text(mayBeNull, "format", "uuid")
            : exported.AsObject();

        // The exporter leaves out items that a converter of ours writes.
        if (context.TypeInfo.ElementType is { } element && Arrays.ContainsKey(element))
            schema["items"] = Reference(referencePrefix + element.Name, mayBeNull: false);
        Describe(schema, member?.AttributeProvider ?? (context.Path.IsEmpty ? type : null));
        if (type.IsEnum && context.Path.IsEmpty)
            schema["type"] = "string";
        if (type == typeof(int))
            (schema["maximum"], schema["format"]) = (int.MaxValue, "int32");
        if (type == typeof(long))
            (schema["maximum"], schema["format"]) = (long.MaxValue, "int64");
        return schema;
    }

    private static void Describe(JsonObject schema, ICustomAttributeProvider? described)
    {
        var attributes = described?.GetCustomAttributes(inherit: false) ?? [];
        if (attributes.OfType<DescriptionAttribute>().SingleOrDefault() is { } description)
            schema.Insert(0, "description", description.Description);
        if (attributes.OfType<StringLengthAttribute>().SingleOrDefault() is { } length)
            (schema["minLength"], schema["maxLength"]) = (length.MinimumLength, length.MaximumLength);
        if (attributes.OfType<RegularExpressionAttribute>().SingleOrDefault() is { } shape)
            schema["pattern"] = shape.Pattern;
        if (attributes.OfType<RangeAttribute>().SingleOrDefault() is not { } range)
            return;
        schema["minimum"] = (double)range.Minimum;
        if (double.IsFinite((double)range.Maximum))
            schema["maximum"] = (double)range.Maximum;
    }

    private static JsonObject Reference(string target, bool mayBeNull) => mayBeNull
        ? new JsonObject
        {
            ["anyOf"] = new JsonArray(new JsonObject { ["$ref"] = target }, new JsonObject { ["type"] = "null" }),
        }
        : new JsonObject { ["$ref"] = target };

    private static JsonObject Numbers(int count, double farthest) => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject { ["type"] = "number", ["minimum"] = -farthest, ["maximum"] = farthest },
        ["minItems"] = count,
        ["maxItems"] = count,
    };

    private static JsonObject Text(bool mayBeNull, string keyword, string value) => new()
    {
        ["type"] = mayBeNull ? new JsonArray("string", "null") : "string",
        [keyword] = value,
    };
}
