using System.Text;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>
/// What every reply to POST /frame, POST /frame/unchanged and POST /outbox/retry has to be, whatever was sent.
/// </summary>
internal static class ReplyCheck
{
    private const int LandmarksPerPose = 33;

    /// <summary>Words for the sender, not the sender's body given back.</summary>
    private const int MaxDetailsBytes = 2048;

    /// <param name="reply">Null when the connection was closed instead.</param>
    /// <param name="request">What was sent.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? Problem(RawReply? reply, byte[] request) => reply switch
    {
        null => RawHttp.IsWhole(request) ? "the connection was closed without an answer to a whole request" : null,
        { Status: 200 } when IsRetry(request) => RetryProblem(reply.Body),
        { Status: 200 } => EventProblem(reply.Body),
        { Status: 429 or 503 } when !reply.Headers.ContainsKey("Retry-After") => $"{reply.Status} without Retry-After",
        { Status: >= 500 and not 503 } => ServerIsToBlame(reply),
        { Status: >= 400 } => RefusedByWebServer(reply) ? null : DetailsProblem(reply),
        _ when RawHttp.IsWhole(request) => $"{reply.Status} is no answer to a POST",
        _ => null,
    };

    /// <summary>505 is said of a request that claims another version of HTTP.</summary>
    private static string? ServerIsToBlame(RawReply reply) =>
        reply.Status == 505 && RefusedByWebServer(reply) ? null : $"{reply.Status}";

    /// <summary>
    /// What the web server could not read as HTTP never reaches the edge, and is answered without words.
    /// </summary>
    private static bool RefusedByWebServer(RawReply reply) =>
        reply.Body.Length == 0 && reply.Headers.GetValueOrDefault("Connection") == "close";

    private static string? DetailsProblem(RawReply reply)
    {
        try
        {
            var type = reply.Headers.GetValueOrDefault("Content-Type", "");
            if (!type.StartsWith("application/problem+json", StringComparison.Ordinal))
                return $"{reply.Status} without problem details";
            if (reply.Body.Length > MaxDetailsBytes)
                return $"{reply.Status} with problem details of {reply.Body.Length} bytes";
            using var json = JsonDocument.Parse(reply.Body);
            if (json.RootElement.GetProperty("status").GetInt32() != reply.Status)
                return $"problem details of another status than {reply.Status}";
            var title = json.RootElement.GetProperty("title").GetString();
            return string.IsNullOrEmpty(title) ? "problem details without a title" : null;
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"{reply.Status} with malformed problem details: {exception.Message}";
        }
    }

    public static bool IsRetry(byte[] request) =>
        request.AsSpan(0, Math.Min(request.Length, 64)).IndexOf(Encoding.ASCII.GetBytes(InputMaker.RetryPath)) >= 0;

    private static string? RetryProblem(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("retried").GetInt64() == 0 ? null : "200 for events that nobody stored";
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"200 with no result of a retry: {exception.Message}";
        }
    }

    private static string? EventProblem(byte[] body)
    {
        if (!DetectionEventJson.TryRead(body, out var detectionEvent, out var reason))
            return $"200 with what is not an event: {reason}";
        if (detectionEvent.EventId is null || detectionEvent.Frame is not { Width: > 0, Height: > 0, Sequence: > 0 })
            return "200 with an event without id or frame";
        if (detectionEvent.PersonsDetected > detectionEvent.Faces.Count)
            return "200 with more persons than faces";

        // The contract's own reader has seen to it that landmarks are finite.
        return detectionEvent.Poses?.Any(pose => pose.Landmarks.Count != LandmarksPerPose
            || pose.Landmarks.Any(landmark => landmark.Visibility is not (>= 0 and <= 1))) == true
            ? "200 with a pose that is none"
            : null;
    }
}
