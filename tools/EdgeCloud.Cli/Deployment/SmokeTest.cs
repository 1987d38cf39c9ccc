using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Cli.Deployment;

/// <param name="Reply">From the photo to the edge's answer.</param>
/// <param name="Visible">From the answer to the event at the server.</param>
internal sealed record SmokeReport(Guid EventId, TimeSpan Reply, TimeSpan Visible);

/// <summary>
/// The check behind a deployment: a photo with one person goes in, and its event comes out at the server.
/// </summary>
internal sealed class SmokeTest(HttpClient edge, HttpClient server, TimeSpan patience)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until both are ready, then sends the photo.</summary>
    /// <exception cref="HttpRequestException">Edge or server cannot be reached.</exception>
    /// <exception cref="DeploymentException">Something answers, but not as EdgeCloud does.</exception>
    public async Task<SmokeReport> RunAsync(byte[] photo, CancellationToken cancellationToken)
    {
        await ReadyAsync(edge, cancellationToken);
        await ReadyAsync(server, cancellationToken);

        // Of its own, so that no earlier event is taken for this one.
        var deviceId = $"smoke-{Guid.NewGuid():N}"[..14];
        var started = Stopwatch.GetTimestamp();
        var eventId = await SendAsync(photo, deviceId, cancellationToken);
        var answered = Stopwatch.GetTimestamp();
        while (!await ServerHasAsync(deviceId, eventId, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(answered) > patience)
                throw new DeploymentException($"The event {eventId} was not at the server within "
                    + $"{patience.TotalSeconds} s. Do both use the same Kafka?");
            await Task.Delay(Pause, cancellationToken);
        }

        return new SmokeReport(
            eventId, Stopwatch.GetElapsedTime(started, answered), Stopwatch.GetElapsedTime(answered));
    }

    /// <summary>Right after a deployment a port may not be forwarded yet, nor every model loaded.</summary>
    private async Task ReadyAsync(HttpClient service, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var response = await service.GetAsync("/health", cancellationToken);
                if (response.IsSuccessStatusCode)
                    return;
                if (Stopwatch.GetElapsedTime(started) > patience)
                    throw new DeploymentException(
                        $"{service.BaseAddress} is not ready: /health answers {(int)response.StatusCode}.");
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(started) <= patience)
            {
                // Not there yet.
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task<Guid> SendAsync(byte[] photo, string deviceId, CancellationToken cancellationToken)
    {
        using var content =
            new ByteArrayContent(photo) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        using var response = await edge.PostAsync($"/frame?device_id={deviceId}", content, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new DeploymentException(
                $"The edge rejects the photo with {(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        }
        if (!DetectionEventJson.TryRead(body, out var detectionEvent, out var reason))
            throw new DeploymentException($"The edge's answer is not an event. {reason}");
        if (detectionEvent.PersonsDetected != 1)
            throw new DeploymentException($"The edge sees {detectionEvent.PersonsDetected} persons in a photo of one.");
        return detectionEvent.EventId ?? throw new DeploymentException("The edge's event has no event_id.");
    }

    private async Task<bool> ServerHasAsync(string deviceId, Guid eventId, CancellationToken cancellationToken)
    {
        using var response = await server.GetAsync($"/data?device_id={deviceId}", cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new DeploymentException($"The server answers /data with {(int)response.StatusCode}.");
        try
        {
            using var events = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellationToken));
            return events.RootElement.EnumerateArray().Any(one =>
                one.TryGetProperty("event_id", out var id) && id.TryGetGuid(out var found) && found == eventId);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new DeploymentException("The server's answer to /data is not a list of events.");
        }
    }
}
