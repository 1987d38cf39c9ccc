using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Cli.Load;

/// <summary>
/// Sees which events the server has. GET /events tells each as it comes; what it does not tell (the connection broke,
/// the server restarted or dropped it for a slow listener) is looked up in GET /data once a second, device by device.
/// The server keeps hundreds of events of a device, so a look-up a second misses none.
/// </summary>
internal sealed class ServerFollower(HttpClient server, LoadPlan plan, Ledger ledger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        RepeatAsync(ListenAsync, cancellationToken), RepeatAsync(LookUpAsync, cancellationToken));

    private static async Task RepeatAsync(Func<CancellationToken, Task> follow, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await follow(cancellationToken);
            }
            catch (Exception exception)
                when (exception is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                // The server is away, or was cut off within an answer; it may come back.
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        using var response =
            await server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream, static (type, data) =>
            type == "detection" ? data.ToArray() : null).EnumerateAsync(cancellationToken))
        {
            if (item.Data is { } json)
                See(json);
        }
    }

    private async Task LookUpAsync(CancellationToken cancellationToken)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var deviceId in ledger.Outstanding()
            .Where(accepted => Stopwatch.GetElapsedTime(accepted.At, now) > Pause)
            .Select(accepted => accepted.DeviceId).Distinct())
        {
            await using var stream =
                await server.GetStreamAsync($"/data?device_id={deviceId}&limit=1000", cancellationToken);
            using var events = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            foreach (var one in events.RootElement.EnumerateArray())
                See(JsonMarshal.GetRawUtf8Value(one));
        }
    }

    private void See(ReadOnlySpan<byte> json)
    {
        if (DetectionEventJson.TryRead(json, out var detectionEvent, out _)
            && detectionEvent.DeviceId.StartsWith(plan.DevicePrefix, StringComparison.Ordinal)
            && detectionEvent.EventId is { } eventId)
        {
            ledger.See(eventId);
        }
    }
}
