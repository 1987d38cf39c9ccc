using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Confluent.Kafka;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>
/// Rounds of requests, then Kafka messages, then a look at the whole: the known good photo has one person, both
/// services are alive, the server has dealt with every message once and hands on only events. A finding of the look is
/// that of the round, whose inputs are then all written.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, string findingsFolder)
{
    private const int RequestsPerRound = 200;
    private const int MessagesPerRound = 100;
    private const int MaxFindings = 20;

    /// <summary>Enough to have frames in parallel, and fewer than the edge queues.</summary>
    private const int Senders = 4;

    private static readonly TimeSpan DealtWithTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, int> _outcomes = [];
    private readonly ConcurrentQueue<FuzzFinding> _findings = [];
    private long _dealtWith;
    private int _sent;

    /// <summary>How many inputs ended how.</summary>
    public IReadOnlyDictionary<string, int> Outcomes => _outcomes;

    public IReadOnlyCollection<FuzzFinding> Findings => _findings;

    public int RoundsDone { get; private set; }

    /// <returns>What once broke something, then what the seed makes: the same in the same rounds.</returns>
    public static IEnumerable<IReadOnlyList<FuzzInput>> Rounds(int seed, int count)
    {
        yield return Corpus.Regressions;
        var inputs = new InputMaker(seed);
        for (var round = 0; round < count; round++)
        {
            yield return
            [
                .. Enumerable.Range(round * RequestsPerRound, RequestsPerRound).Select(inputs.Request),
                .. Enumerable.Range(round * MessagesPerRound, MessagesPerRound).Select(inputs.Value),
            ];
        }
    }

    /// <summary>Ends early when there is enough to look into, or a service is gone.</summary>
    public async Task RunAsync(IEnumerable<IReadOnlyList<FuzzInput>> rounds)
    {
        _dealtWith = await target.DealtWithAsync();
        foreach (var inputs in rounds)
        {
            if (_findings.Count >= MaxFindings || !await RunRoundAsync(inputs))
                return;
            RoundsDone++;
        }
    }

    /// <returns>Whether the services are still there.</returns>
    private async Task<bool> RunRoundAsync(IReadOnlyList<FuzzInput> inputs)
    {
        _sent = 0;
        await Parallel.ForEachAsync(
            inputs.OfType<RequestInput>(), new ParallelOptions { MaxDegreeOfParallelism = Senders },
            async (request, _) => await SendAsync(request));
        await Task.WhenAll(inputs.OfType<ValueInput>().Select(SendAsync));

        try
        {
            if (await ProblemAsync() is { } problem)
                Report(problem, inputs);
        }
        catch (HttpRequestException exception)
        {
            Report($"a service does not answer any more: {exception.Message}", inputs);
            return false;
        }
        catch (OperationCanceledException)
        {
            Report("a service does not answer in time", inputs);
        }

        return true;
    }

    private async Task SendAsync(RequestInput request)
    {
        try
        {
            var reply = await target.SendAsync(request);
            Count(reply?.Status.ToString(CultureInfo.InvariantCulture) ?? "closed");
            if (reply?.Status == 200 && !ReplyCheck.IsRetry(request.Bytes))
                Interlocked.Increment(ref _sent);
            if (ReplyCheck.Problem(reply, request.Bytes) is { } problem)
                Report(problem, [request]);
        }
        catch (OperationCanceledException)
        {
            Report("no reply in time", [request]);
        }
        catch (SocketException exception)
        {
            Report($"the edge cannot be reached: {exception.Message}", [request]);
        }
    }

    private async Task SendAsync(ValueInput message)
    {
        try
        {
            var isTaken = await target.SendAsync(message);
            Count(isTaken ? "on Kafka" : "too large for Kafka");
            if (isTaken)
                Interlocked.Increment(ref _sent);
        }
        catch (KafkaException exception)
        {
            Report($"Kafka did not take the message: {exception.Error.Reason}", [message]);
        }
    }

    private async Task<string?> ProblemAsync()
    {
        var (isAccepted, problem) = await target.KnownGoodAsync();
        var expected = _dealtWith + _sent + (isAccepted ? 1 : 0);
        problem ??= await target.AliveProblemAsync() ?? await target.ServerProblemAsync();
        var waiting = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((_dealtWith = await target.DealtWithAsync()) < expected
            && Stopwatch.GetElapsedTime(waiting) < DealtWithTimeout)
        {
            await pace.WaitForNextTickAsync();
        }

        return problem ?? (_dealtWith == expected
            ? null
            : $"the server has dealt with {_dealtWith} messages, not with {expected}");
    }

    private void Count(string outcome) => _outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);

    private void Report(string problem, IReadOnlyList<FuzzInput> inputs)
    {
        var finding = _findings.Count + 1;
        _findings.Enqueue(new FuzzFinding(
            problem, [.. inputs.Select((input, index) => input.Write(findingsFolder, $"{finding:D2}-{index:D3}"))]));
    }
}

/// <param name="Problem">What is wrong.</param>
/// <param name="Files">The input that shows it; all of a round when it could be any of them.</param>
internal sealed record FuzzFinding(string Problem, IReadOnlyList<string> Files);
