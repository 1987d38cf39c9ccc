using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeCloud.Cli.Load;

/// <summary>Sends, follows the server until it has all that was accepted, and sums up.</summary>
internal sealed partial class LoadRun(LoadPlan plan) : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// What an interruption leaves to answers, to the events on their way, and to each last question.
    /// </summary>
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(0.75);

    /// <summary>Events that Kafka has confirmed leave the outbox a moment later.</summary>
    private static readonly TimeSpan OutboxPatience = TimeSpan.FromSeconds(2);

    private readonly Ledger _ledger = new();
    private readonly HttpClient _edge = new() { BaseAddress = plan.Edge, Timeout = AnswerTimeout };
    private readonly HttpClient _server = new() { BaseAddress = plan.Server, Timeout = AnswerTimeout };

    /// <param name="cancellationToken">Ends the sending; what was accepted by then is still followed
    /// for a moment and reported.</param>
    /// <exception cref="HttpRequestException">Edge or server are not there at the beginning.</exception>
    /// <exception cref="Confluent.Kafka.KafkaException">Kafka is not.</exception>
    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        (await _edge.GetAsync("/alive", cancellationToken)).EnsureSuccessStatusCode();
        var before = (await DuplicatesAsync(cancellationToken), await AskAsync(ConfirmedAsync, AnswerTimeout));
        var topic = plan.Kafka is null ? null : await TopicReader.StartAsync(plan, cancellationToken);
        using var end = new CancellationTokenSource();
        using var hurry = new CancellationTokenSource();
        using var interruption = cancellationToken.Register(() => hurry.CancelAfter(Hurry));
        var following = Task.WhenAll(
            new ServerFollower(_server, plan, _ledger).RunAsync(end.Token),
            topic?.RunAsync(end.Token) ?? Task.CompletedTask);

        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(plan.DeviceIds.Select((deviceId, index) =>
            new DeviceSender(_edge, plan, deviceId, _ledger).RunAsync(
                (double)index / plan.Devices, hurry.Token, cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(started);

        await AllVisibleAsync(topic, hurry.Token);
        await end.CancelAsync();
        await Task.WhenAny(following, Task.Delay(LimitOf(Timeout.InfiniteTimeSpan, cancellationToken)));
        var report = await SumUpAsync(topic, elapsed, before, cancellationToken);
        if (following.IsCompleted)
            topic?.Dispose();
        return report;
    }

    public void Dispose()
    {
        _edge.Dispose();
        _server.Dispose();
    }

    private static TimeSpan LimitOf(TimeSpan usual, CancellationToken interruption) =>
        interruption.IsCancellationRequested ? Hurry : usual;

    /// <summary>
    /// Returns when the server has shown all that was accepted, or nothing new has come to it or to Kafka for as long
    /// as the plan is patient.
    /// </summary>
    private async Task AllVisibleAsync(TopicReader? topic, CancellationToken hurry)
    {
        var (seen, since) = (-1, Stopwatch.GetTimestamp());
        while (_ledger.Outstanding().Any() && Stopwatch.GetElapsedTime(since) < plan.Patience
            && !hurry.IsCancellationRequested)
        {
            var now = _ledger.VisibleEvents.Count + (topic?.Count ?? 0);
            if (now > seen)
                (seen, since) = (now, Stopwatch.GetTimestamp());
            await Task.Delay(ProgressInterval, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<LoadReport> SumUpAsync(
        TopicReader? topic, TimeSpan elapsed, (long Duplicates, long? Confirmed) before, CancellationToken interruption)
    {
        var limit = LimitOf(AnswerTimeout, interruption);
        var duplicates = AskAsync(DuplicatesAsync, limit);

        // In turn: what the server shows already, Kafka confirms to the edge a moment later.
        var outbox = await AskAsync(InOutboxAsync, limit);
        var confirmed = await AskAsync(ConfirmedAsync, limit);
        var (accepted, visible) = (_ledger.AcceptedEvents, _ledger.VisibleEvents);
        var delivered = accepted.Keys.Where(visible.ContainsKey).ToArray();
        var onTopic = topic?.Report([.. accepted.Keys]);

        // The server may have shown all that was accepted, and not yet what was not.
        var countable = onTopic is { Problem: null } ? onTopic.Distinct - onTopic.Gone : delivered.Length;
        var counted = await AskAsync(
            cancellation => CountedAsync(interruption.IsCancellationRequested ? 0 : countable, cancellation), limit);
        return new LoadReport
        {
            Accepted = [.. accepted.Values],
            NotAccepted = _ledger.NotAccepted,
            Delivered = delivered.Length,
            Lost = [.. accepted.Keys.Where(eventId => !visible.ContainsKey(eventId))],

            // What the server shows last need not have come to it yet; the topic was read to its end.
            DeliveredUnanswered = onTopic is { Problem: null }
                ? onTopic.Unanswered
                : visible.Keys.Count(eventId => !accepted.ContainsKey(eventId)),
            CountedByServer = counted,
            DuplicatesAtServer = await duplicates - before.Duplicates,
            InOutbox = outbox,
            Confirmed = confirmed - before.Confirmed,
            Topic = onTopic,
            VisibleAfter = [.. delivered.Select(eventId => TimeSpan.FromSeconds(
                Math.Max(0, (double)(visible[eventId] - accepted[eventId].At) / Stopwatch.Frequency)))],
            Elapsed = elapsed,
        };
    }

    /// <returns>Null when there is no answer: a report without it is better than none.</returns>
    private static async Task<long?> AskAsync(Func<CancellationToken, Task<long>> ask, TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost);
        try
        {
            return await ask(limit.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException
            or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <param name="countable">As many as it should have counted in a moment.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    private async Task<long> CountedAsync(long countable, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        while (true)
        {
            var devices = await _server.GetFromJsonAsync<JsonElement[]>("/devices", cancellationToken);
            var events = devices!.Where(device =>
                device.GetProperty("device_id").GetString()!.StartsWith(plan.DevicePrefix, StringComparison.Ordinal))
                .Sum(device => device.GetProperty("events").GetInt64());
            if (events >= countable || Stopwatch.GetElapsedTime(asked) > OutboxPatience)
                return events;
            await Task.Delay(ProgressInterval, cancellationToken);
        }
    }

    private async Task<long> DuplicatesAsync(CancellationToken cancellationToken) =>
        (await _server.GetFromJsonAsync<JsonElement>("/stats", cancellationToken)).GetProperty("duplicates").GetInt64();

    private async Task<long> InOutboxAsync(CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        while (true)
        {
            // Those that Kafka rejects and that are set aside are in it too.
            var events = await EdgeSaysAsync(OutboxEvents(), cancellationToken);
            if (events == 0 || Stopwatch.GetElapsedTime(asked) > OutboxPatience)
                return events;
            await Task.Delay(ProgressInterval, cancellationToken);
        }
    }

    private Task<long> ConfirmedAsync(CancellationToken cancellationToken) =>
        EdgeSaysAsync(OutboxSent(), cancellationToken);

    private async Task<long> EdgeSaysAsync(Regex metric, CancellationToken cancellationToken) =>
        metric.Matches(await _edge.GetStringAsync("/metrics", cancellationToken))
            .Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("""(?m)^edgecloud_outbox_sent_total(?:\{.*\})? (\d+)""")]
    private static partial Regex OutboxSent();

    [GeneratedRegex("""(?m)^edgecloud_outbox_(?:events|set_aside)(?:\{.*\})? (\d+)""")]
    private static partial Regex OutboxEvents();
}
