using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Confluent.Kafka;

namespace EdgeCloud.Cli.Fuzzing;

/// <summary>
/// Rounds of requests, then Kafka messages, then a look at the whole: the known good photo has one person, both services are alive, the server has dealt with
/// every message once and hands on only events. A finding of the look is that of the round, whose inputs are then all written.
/// </summary>
internal sealed class FuzzRun(FuzzPlan plan) : IDisposable
{
    private const int RequestsPerRound = 200;
    private const int MessagesPerRound = 100;
    private const int MaxFindings = 20;

    /// <summary>Enough to have frames in parallel, and fewer than the edge queues.</summary>
    private const int Senders = 4;

    private static readonly TimeSpan DealtWithTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DealtWithInterval = TimeSpan.FromMilliseconds(20);

    private readonly FuzzTarget _target = new(plan);
    private readonly FuzzReport _report = new();
    private long _dealtWith;
    private int _sent;

    /// <param name="cancellationToken">Ends it early; what was found by then is reported.</param>
    /// <exception cref="HttpRequestException">Edge or server are not there at the beginning.</exception>
    public async Task<FuzzReport> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        _dealtWith = await _target.DealtWithAsync(cancellationToken);
        try
        {
            for (var round = 0; round < plan.Rounds && Stopwatch.GetElapsedTime(started) < plan.Duration && _report.Findings.Count < MaxFindings; round++)
                await RunRoundAsync(Inputs(round), cancellationToken);
        }
        catch (HttpRequestException)
        {
            // A service is gone, which the round has reported.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The round that was cut short has no look at the whole.
        }

        _report.Elapsed = Stopwatch.GetElapsedTime(started);
        return _report;
    }

    public void Dispose() => _target.Dispose();

    private IReadOnlyList<FuzzInput> Inputs(int round)
    {
        if (plan.Only.Count > 0)
            return plan.Only;
        if (round == 0)
            return Corpus.Regressions;
        var inputs = new InputMaker(plan.Seed);
        return
        [
            .. Enumerable.Range((round - 1) * RequestsPerRound, RequestsPerRound).Select(inputs.Request),
            .. Enumerable.Range((round - 1) * MessagesPerRound, MessagesPerRound).Select(inputs.Value),
        ];
    }

    private async Task RunRoundAsync(IReadOnlyList<FuzzInput> inputs, CancellationToken cancellationToken)
    {
        _sent = 0;
        await Parallel.ForEachAsync(
            inputs.OfType<RequestInput>(), new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = cancellationToken },
            async (request, _) => await SendAsync(request, cancellationToken));
        if (plan.Kafka is not null)
            await Task.WhenAll(inputs.OfType<ValueInput>().Select(message => SendAsync(message, cancellationToken)));

        try
        {
            if (await ProblemAsync(cancellationToken) is { } problem)
                Report(problem, inputs);
            _report.Sample(await _target.MemoryAsync(cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            Report($"a service does not answer any more: {exception.Message}", inputs);
            throw;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Report("a service does not answer in time", inputs);
        }
    }

    private async Task SendAsync(RequestInput request, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await _target.SendAsync(request, cancellationToken);
            _report.Count(reply?.Status.ToString(CultureInfo.InvariantCulture) ?? "closed");
            if (reply?.Status == 200)
                Interlocked.Increment(ref _sent);
            if (ReplyCheck.Problem(reply, request.Bytes) is { } problem)
                Report(problem, [request]);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Report("no reply in time", [request]);
        }
        catch (SocketException exception)
        {
            Report($"the edge cannot be reached: {exception.Message}", [request]);
        }
    }

    private async Task SendAsync(ValueInput message, CancellationToken cancellationToken)
    {
        try
        {
            var isTaken = await _target.SendAsync(message, cancellationToken);
            _report.Count(isTaken ? "on Kafka" : "too large for Kafka");
            if (isTaken)
                Interlocked.Increment(ref _sent);
        }
        catch (KafkaException exception)
        {
            Report($"Kafka did not take the message: {exception.Error.Reason}", [message]);
        }
    }

    private async Task<string?> ProblemAsync(CancellationToken cancellationToken)
    {
        var (isAccepted, problem) = await _target.KnownGoodAsync(cancellationToken);
        var expected = _dealtWith + _sent + (isAccepted ? 1 : 0);
        problem ??= await _target.AliveProblemAsync(cancellationToken) ?? await _target.ServerProblemAsync(cancellationToken);
        var waiting = Stopwatch.GetTimestamp();
        while ((_dealtWith = await _target.DealtWithAsync(cancellationToken)) < expected && Stopwatch.GetElapsedTime(waiting) < DealtWithTimeout)
            await Task.Delay(DealtWithInterval, cancellationToken);
        return problem ?? (_dealtWith == expected ? null : $"the server has dealt with {_dealtWith} messages, not with {expected}");
    }

    private void Report(string problem, IReadOnlyList<FuzzInput> inputs)
    {
        var finding = _report.Findings.Count + 1;
        _report.Find(problem, [.. inputs.Select((input, index) => input.Write(plan.FindingsFolder, $"{finding:D2}-{index:D3}"))]);
    }
}
