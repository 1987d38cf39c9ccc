using System.Net.Http.Json;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Testing;

/// <summary>Events as the edge writes them, and the server's answers about them.</summary>
internal static class Events
{
    public static DetectionEvent Of(string deviceId, DateTimeOffset timestamp, int persons = 1) => new()
    {
        DeviceId = deviceId,
        Timestamp = timestamp.ToMicroseconds(),
        PersonsDetected = persons,
        Faces =
            [.. Enumerable.Repeat(new Face { Conf = 0.9, Xmin = 0.1, Ymin = 0.2, Width = 0.3, Height = 0.4 }, persons)],
        EventId = Guid.CreateVersion7(timestamp),
        Schema = DetectionEvent.CurrentSchema,
        Frame = new FrameInfo(1, 640, 480),
    };

    public static EventSummary Summary(DetectionEvent one) =>
        new(
            one.DeviceId, one.Timestamp, one.PersonsDetected, one.EventId, one.Frame, one.CapturedAt, one.OutboxEvents,
            one.Unchanged ?? false, one.Faces.Count, one.Poses?.Count ?? 0, one.EnergyJoules, one.Zones);

    public static EventSummary Read(byte[] json) =>
        DetectionEventJson.TrySummarize(json, out var summary, out var reason)
            ? summary
            : throw new ArgumentException(reason, nameof(json));

    /// <summary>The timestamp of an event.</summary>
    public static DateTimeOffset TimeOf(byte[] json) => Read(json).Timestamp;

    public static async Task<JsonElement[]> GetDataAsync(this HttpClient server, string query = "") =>
        (await server.GetFromJsonAsync<JsonElement[]>("/data" + query))!;

    public static async Task<string[]> IdsAsync(this HttpClient server, string query = "")
    {
        var events = await server.GetDataAsync(query);
        return [.. events.Select(one => one.GetProperty("event_id").GetString()!)];
    }

    public static Task<JsonElement> StatsAsync(this HttpClient server) =>
        server.GetFromJsonAsync<JsonElement>("/stats");

    public static async Task SeesAsync(this HttpClient server, string counter, long value) =>
        await Eventually.HoldsAsync(
            async () => (await server.StatsAsync()).GetProperty(counter).GetInt64() == value,
            $"/stats says {counter} = {value}");
}
