using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace EdgeCloud.ServiceDefaults.Contract;

/// <summary>The wire form of <see cref="DetectionEvent"/>: UTF-8, snake_case, absent instead of null.</summary>
public static class DetectionEventJson
{
    /// <summary>Boxes may reach beyond the frame, but not this many frames beyond it.</summary>
    private const double FarthestCoordinate = 10;

    /// <returns>The event as UTF-8 JSON.</returns>
    public static byte[] Write(DetectionEvent detectionEvent) => JsonSerializer.SerializeToUtf8Bytes(detectionEvent, DetectionEventContext.Default.DetectionEvent);

    /// <summary>Reads an event of version 1.x, refusing what a version 1 writer cannot have meant.</summary>
    /// <param name="utf8Json">The value of a Kafka message.</param>
    /// <param name="detectionEvent">The event, when the result is true.</param>
    /// <param name="reason">Why it is not an event, when the result is false.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8Json,
        [NotNullWhen(true)] out DetectionEvent? detectionEvent,
        [NotNullWhen(false)] out string? reason)
    {
        detectionEvent = null;

        // The parser lets pass what it skips, and the value is handed on as it came.
        if (!Utf8.IsValid(utf8Json))
        {
            reason = "The value is not UTF-8.";
            return false;
        }

        try
        {
            var candidate = JsonSerializer.Deserialize(utf8Json, DetectionEventContext.Default.DetectionEvent);
            reason = candidate is null ? "The value is JSON null, not an event." : Objection(candidate);
            detectionEvent = reason is null ? candidate : null;
        }
        catch (JsonException exception)
        {
            reason = $"Not a detection event: {JsonProblem.Describe(exception)}";
        }

        return detectionEvent is not null;
    }

    private static string? Objection(DetectionEvent candidate)
    {
        if (candidate.Schema is { } schema && schema != DetectionEvent.CurrentSchema && !schema.StartsWith($"{DetectionEvent.CurrentSchema}.", StringComparison.Ordinal))
            return $"schema is '{schema}'; this reader knows {DetectionEvent.CurrentSchema} and its minor versions.";
        if (!Contract.DeviceId.IsValid(candidate.DeviceId))
            return $"device_id breaks the rule: {Contract.DeviceId.Rule}";
        if (candidate.PersonsDetected < 0)
            return $"persons_detected is {candidate.PersonsDetected}; it cannot be negative.";

        for (var i = 0; i < candidate.Faces.Count; i++)
        {
            // The element of a list may be null in spite of its type.
            if (candidate.Faces[i] is not { } face)
                return $"faces[{i}] is null.";
            if (!(face.Conf is >= 0 and <= 1))
                return $"faces[{i}].conf is {face.Conf.ToString(CultureInfo.InvariantCulture)}; it must lie in 0..1.";
            if (!(Near(face.Xmin) && Near(face.Ymin) && Near(face.Width) && Near(face.Height) && face.Width >= 0 && face.Height >= 0))
                return $"faces[{i}] has a box that is not finite or lies far outside the frame.";
        }

        for (var i = 0; i < candidate.Poses?.Count; i++)
        {
            if (candidate.Poses[i] is not { } pose)
                return $"poses[{i}] is null.";
            if (!(pose.Conf is >= 0 and <= 1))
                return $"poses[{i}].conf is {pose.Conf.ToString(CultureInfo.InvariantCulture)}; it must lie in 0..1.";
        }

        return null;

        static bool Near(double coordinate) => Math.Abs(coordinate) <= FarthestCoordinate;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(MicrosecondTimestampConverter), typeof(PointConverter), typeof(LandmarkConverter), typeof(WorldLandmarkConverter)])]
[JsonSerializable(typeof(DetectionEvent))]
internal sealed partial class DetectionEventContext : JsonSerializerContext;
