using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace EdgeCloud.Cli.Load;

/// <summary>
/// One device. On a schedule it sends at its times whether or not earlier frames were answered, and latency
/// counts from the time a frame was due: a stall of the edge then shows in every frame that it delayed, not only
/// in the one that it caught.
/// </summary>
internal sealed class DeviceSender(HttpClient edge, LoadPlan plan, string deviceId, Ledger ledger)
{
    /// <summary>A frame that finds this many unanswered waits, its latency running.</summary>
    private const int MaxInFlight = 4;

    /// <param name="phase">0..1: which part of an interval its schedule is shifted by, so that devices do
    /// not beat in time.</param>
    /// <param name="hurry">Ends the waiting for answers too.</param>
    /// <param name="cancellationToken">Ends the sending; frames on their way are still answered.</param>
    public Task RunAsync(double phase, CancellationToken hurry, CancellationToken cancellationToken) =>
        double.IsFinite(plan.FramesPerSecond)
            ? SendOnScheduleAsync(TimeSpan.FromSeconds(1 / plan.FramesPerSecond), phase, hurry, cancellationToken)
            : SendWhenAnsweredAsync(hurry, cancellationToken);

    private async Task SendOnScheduleAsync(
        TimeSpan interval, double phase, CancellationToken hurry, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(MaxInFlight);
        var started = Stopwatch.GetTimestamp();
        var frames = (int)Math.Round(plan.Duration / interval);
        try
        {
            for (var i = 0; i < frames; i++)
            {
                var due = interval * (i + phase);
                if (due - Stopwatch.GetElapsedTime(started) is var early && early > TimeSpan.Zero)
                    await Task.Delay(early, cancellationToken);

                var left = plan.Duration + interval - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !await slots.WaitAsync(left, cancellationToken))
                {
                    ledger.Refuse("not sent, the edge being behind", frames - i);
                    break;
                }

                _ = SendAndReleaseAsync(started + (long)(due.TotalSeconds * Stopwatch.Frequency), slots, hurry);
            }
        }
        catch (OperationCanceledException)
        {
            // The rest of the schedule is not sent.
        }

        for (var i = 0; i < MaxInFlight; i++)
            await slots.WaitAsync(CancellationToken.None);
    }

    private async Task SendAndReleaseAsync(long due, SemaphoreSlim slots, CancellationToken hurry)
    {
        try
        {
            await SendAsync(due, hurry);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task SendWhenAnsweredAsync(CancellationToken hurry, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < plan.Duration && !cancellationToken.IsCancellationRequested)
            await SendAsync(Stopwatch.GetTimestamp(), hurry);
    }

    private async Task SendAsync(long due, CancellationToken hurry)
    {
        using var content = new ByteArrayContent(plan.Photo);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        try
        {
            using var response = await edge.PostAsync($"/frame?device_id={deviceId}", content, hurry);
            var body = await response.Content.ReadAsByteArrayAsync(hurry);
            var latency = Stopwatch.GetElapsedTime(due);
            if (response.IsSuccessStatusCode)
                Accept(body, latency);
            else
                ledger.Refuse($"rejected with {(int)response.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            ledger.Refuse(exception.HttpRequestError is HttpRequestError.ConnectionError
                ? "failed to connect"
                : "connection lost before the answer");
        }
        catch (OperationCanceledException)
        {
            ledger.Refuse("not answered in time");
        }
    }

    private void Accept(byte[] body, TimeSpan latency)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var stages = json.RootElement.TryGetProperty("timing_ms", out var timing)
                ? timing.EnumerateObject().ToDictionary(stage => stage.Name, stage => stage.Value.GetDouble())
                : [];
            ledger.Accept(json.RootElement.GetProperty("event_id").GetGuid(), new Accepted(
                deviceId, Stopwatch.GetTimestamp(), latency, stages));
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            ledger.Refuse("answered with 200 and not with an event");
        }
    }
}
