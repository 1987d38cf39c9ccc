using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace EdgeCloud.Contract;

/// <summary>The wire form of <see cref="DetectionEvent"/>: UTF-8, snake_case, absent instead of null.</summary>
public static class DetectionEventJson
{
    /// <summary>
    /// A hundred faces with all their key points have 36 KB. What is many times larger is no event, and nobody
    /// should have to keep it.
    /// </summary>
    public const int MaxBytes = 256 * 1024;

    /// <returns>The event as UTF-8 JSON.</returns>
    public static byte[] Write(DetectionEvent detectionEvent) =>
        JsonSerializer.SerializeToUtf8Bytes(detectionEvent, DetectionEventContext.Default.DetectionEvent);

    /// <returns>The value without the byte-order mark that some producers begin with (RFC 8259, 8.1).</returns>
    public static byte[] WithoutMark(byte[] value) => value.AsSpan().StartsWith("\uFEFF"u8) ? value[3..] : value;

    /// <summary>
    /// Reads what a consumer that keeps the JSON needs of an event of version 1.x, refusing what a version 1 writer
    /// cannot have meant: what is not UTF-8 or not JSON, another schema, a member that is missing, of another type or
    /// out of range, more persons than faces. Members it does not know are not looked at.
    /// </summary>
    /// <param name="utf8Json">The value of a Kafka message.</param>
    /// <param name="summary">The event, when the result is true.</param>
    /// <param name="reason">Why it is not an event, when the result is false.</param>
    public static bool TrySummarize(
        ReadOnlySpan<byte> utf8Json, out EventSummary summary, [NotNullWhen(false)] out string? reason)
    {
        summary = default;
        reason = null;
        if (utf8Json.Length > MaxBytes)
        {
            reason = $"Not a detection event: {utf8Json.Length} bytes; the limit is {MaxBytes}.";
        }
        else if (!Utf8.IsValid(utf8Json))
        {
            // The parser lets pass what it skips, and the value is handed on as it came.
            reason = "The value is not UTF-8.";
        }
        else
        {
            try
            {
                summary = DetectionEventReader.Read(utf8Json);
            }
            catch (JsonException exception)
            {
                reason = $"Not a detection event: {JsonProblem.Describe(exception)}";
            }
            catch (InvalidOperationException exception)
            {
                reason = $"Not a detection event: {exception.Message}";
            }
        }

        return reason is null;
    }

    /// <summary>Reads the whole event, by the same rules as <see cref="TrySummarize"/>.</summary>
    /// <param name="utf8Json">The value of a Kafka message.</param>
    /// <param name="detectionEvent">The event, when the result is true.</param>
    /// <param name="reason">Why it is not an event, when the result is false.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8Json,
        [NotNullWhen(true)] out DetectionEvent? detectionEvent,
        [NotNullWhen(false)] out string? reason)
    {
        detectionEvent = TrySummarize(utf8Json, out _, out reason)
            ? JsonSerializer.Deserialize(utf8Json, DetectionEventContext.Default.DetectionEvent) : null;
        return detectionEvent is not null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(MicrosecondTimestampConverter), typeof(PointConverter), typeof(LandmarkConverter),
        typeof(WorldLandmarkConverter), typeof(FaceModelConverter), typeof(SourceKindConverter),
        typeof(CrossingDirectionConverter), typeof(PresenceTypeConverter), typeof(PresenceEndConverter),
    ])]
[JsonSerializable(typeof(DetectionEvent))]
[JsonSerializable(typeof(PresenceEvent))]
internal sealed partial class DetectionEventContext : JsonSerializerContext;
