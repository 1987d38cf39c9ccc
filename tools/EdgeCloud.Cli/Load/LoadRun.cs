using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeCloud.Cli.Load;

/// <summary>Sends, follows the server until it has all that was accepted, and sums up.</summary>
internal sealed class LoadRun(LoadPlan plan) : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly Ledger _ledger = new();
    private readonly HttpClient _edge = new() { BaseAddress = plan.Edge, Timeout = AnswerTimeout };
    private readonly HttpClient _server = new() { BaseAddress = plan.Server, Timeout = AnswerTimeout };

    /// <param name="cancellationToken">Ends the sending; what was accepted by then is still followed
    /// and reported.</param>
    /// <exception cref="HttpRequestException">Edge or server are not there at the beginning, or the server
    /// not at the end.</exception>
    /// <exception cref="Confluent.Kafka.KafkaException">Kafka is not.</exception>
    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        (await _edge.GetAsync("/alive", cancellationToken)).EnsureSuccessStatusCode();
        var duplicatesBefore = await DuplicatesAsync(cancellationToken);
        using var topic = plan.Kafka is null ? null : new TopicReader(plan);
        using var end = new CancellationTokenSource();
        var following = Task.WhenAll(
            new ServerFollower(_server, plan, _ledger).RunAsync(end.Token),
            topic?.RunAsync(end.Token) ?? Task.CompletedTask);

        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(plan.DeviceIds.Select((deviceId, index) =>
            new DeviceSender(_edge, plan, deviceId, _ledger).RunAsync(
                (double)index / plan.Devices, cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(started);

        await AllVisibleAsync();
        await end.CancelAsync();
        await following;
        return await SumUpAsync(topic, elapsed, duplicatesBefore);
    }

    public void Dispose()
    {
        _edge.Dispose();
        _server.Dispose();
    }

    /// <summary>
    /// Returns when the server has shown all that was accepted, or has shown nothing new for as long
    /// as the plan is patient.
    /// </summary>
    private async Task AllVisibleAsync()
    {
        var (seen, since) = (-1, Stopwatch.GetTimestamp());
        while (_ledger.Outstanding().Any() && Stopwatch.GetElapsedTime(since) < plan.Patience)
        {
            if (_ledger.VisibleEvents.Count > seen)
                (seen, since) = (_ledger.VisibleEvents.Count, Stopwatch.GetTimestamp());
            await Task.Delay(ProgressInterval);
        }
    }

    private async Task<LoadReport> SumUpAsync(TopicReader? topic, TimeSpan elapsed, long duplicatesBefore)
    {
        var (accepted, visible) = (_ledger.AcceptedEvents, _ledger.VisibleEvents);
        var delivered = accepted.Keys.Where(visible.ContainsKey).ToArray();
        return new LoadReport
        {
            Accepted = [.. accepted.Values],
            NotAccepted = _ledger.NotAccepted,
            Delivered = delivered.Length,
            Lost = [.. accepted.Keys.Where(eventId => !visible.ContainsKey(eventId))],
            DeliveredUnanswered = visible.Keys.Count(eventId => !accepted.ContainsKey(eventId)),
            CountedByServer = await CountedAsync(),
            DuplicatesAtServer = await DuplicatesAsync(CancellationToken.None) - duplicatesBefore,
            Topic = topic is null ? null : new TopicReport(
                topic.Copies.Count, topic.Copies.Values.Sum(copies => copies - 1),
                accepted.Keys.Count(eventId => !topic.Copies.ContainsKey(eventId))),
            VisibleAfter = [.. delivered.Select(eventId => TimeSpan.FromSeconds(
                Math.Max(0, (double)(visible[eventId] - accepted[eventId].At) / Stopwatch.Frequency)))],
            Elapsed = elapsed,
        };
    }

    private async Task<long> CountedAsync()
    {
        var devices = await _server.GetFromJsonAsync<JsonElement[]>("/devices");
        return devices!.Where(device =>
            device.GetProperty("device_id").GetString()!.StartsWith(plan.DevicePrefix, StringComparison.Ordinal))
            .Sum(device => device.GetProperty("events").GetInt64());
    }

    private async Task<long> DuplicatesAsync(CancellationToken cancellationToken) =>
        (await _server.GetFromJsonAsync<JsonElement>("/stats", cancellationToken)).GetProperty("duplicates").GetInt64();
}
