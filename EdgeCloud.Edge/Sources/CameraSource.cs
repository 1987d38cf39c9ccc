using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Sources;

/// <summary>What all sources share.</summary>
internal sealed record SourceServices(
    FetchFrames Fetch, SourceIntake Intake, SourceMetrics Metrics, TimeProvider Time);

/// <summary>
/// A camera that the edge fetches frames from. While it is away, it is tried again after growing pauses; one that hangs
/// is ended and tried again.
/// </summary>
internal sealed partial class CameraSource
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(60);

    private readonly SourceOptions _options;
    private readonly SourceAddress _address;
    private readonly SourceServices _services;
    private readonly SourceProgress _progress;
    private readonly SourceFrames _frames;
    private readonly ILogger _logger;

    public CameraSource(int id, SourceOptions options, SourceServices services, ILogger logger)
    {
        (_options, _services, _logger) = (options, services, logger);
        _address = new SourceAddress(options.Url);
        _progress = new SourceProgress(id, _address, options, services.Metrics, services.Time);
        _frames = new SourceFrames(options, services, logger);
    }

    public SourceStatus Status => _progress.Status;

    /// <param name="failures">How often in a row it was away, from 1.</param>
    /// <param name="jitter">0 to 1, so that sources that were lost together are not tried together.</param>
    /// <returns>1 s, doubled each time, up to 60 s, of which the jitter takes up to a quarter.</returns>
    public static TimeSpan Pause(int failures, double jitter)
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - 1, 6)));
        return (pause < MaxPause ? pause : MaxPause) * (1 - (jitter / 4));
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _services.Metrics.Begin(_options.Device);
        var processing = _frames.ProcessAsync(cancellationToken);
        try
        {
            await FetchAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The edge ends.
        }
        finally
        {
            _frames.Complete();
            await processing;
        }
    }

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        var isUdpFirst = false;
        while (true)
        {
            var started = _services.Time.GetTimestamp();
            var end = await RunOnceAsync(new FetchRequest(_address, _options, isUdpFirst), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (end.Result == FetchResult.Missing)
            {
                _progress.Stopped(SourceState.Failed, end.Reason);
                Log.Missing(_logger, _options.Device, end.Reason);
                return;
            }

            if (end is { Result: FetchResult.Ended, Frames: > 0 } && _address.Kind == SourceKind.File)
            {
                _progress.Stopped(SourceState.Ended, null);
                Log.Ended(_logger, _options.Device);
                return;
            }

            if (end is { Result: FetchResult.Ended, Frames: 1 } && _address.Kind == SourceKind.Http)
            {
                // A snapshot: one picture for each request.
                failures = 0;
                await DelayAsync(_options.Interval - _services.Time.GetElapsedTime(started), cancellationToken);

                // By now it is known when the next one is due, except where looking at this one takes as long.
                await DelayAsync(_frames.UntilDue, cancellationToken);
                continue;
            }

            failures = end.Frames > 0 ? 1 : failures + 1;
            _progress.Stopped(SourceState.Waiting, end.Reason);
            if (failures == 1)
                Log.Away(_logger, _options.Device, _address.Shown, end.Reason);

            // There are cameras and firewalls that accept one protocol, and nothing comes over it.
            isUdpFirst ^= end is { Result: FetchResult.Hung, Frames: 0 };
            await DelayAsync(Pause(failures, Random.Shared.NextDouble()), cancellationToken);
            _progress.Restarting();
        }
    }

    private async Task<FetchEnd> RunOnceAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _services.Fetch(request, TakeAsync, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing that happens to one source ends it or another.
            Log.Failed(_logger, exception, _options.Device);
            return new FetchEnd(FetchResult.Failed, 0, "It failed in the edge, whose log says how.");
        }

        ValueTask TakeAsync(System.Buffers.ReadOnlySequence<byte> jpeg)
        {
            if (_progress.Frame())
                Log.Running(_logger, _options.Device);
            return _frames.TakeAsync(jpeg);
        }
    }

    private Task DelayAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, _services.Time, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The source of {Device} has failed: {Reason}")]
        public static partial void Missing(ILogger logger, string device, string reason);

        [LoggerMessage(2, LogLevel.Information, "The source of {Device} is over")]
        public static partial void Ended(ILogger logger, string device);

        [LoggerMessage(3, LogLevel.Warning, "The source of {Device}, {Address}, is away and tried again: {Reason}")]
        public static partial void Away(ILogger logger, string device, string address, string reason);

        [LoggerMessage(4, LogLevel.Information, "Frames come from the source of {Device}")]
        public static partial void Running(ILogger logger, string device);

        [LoggerMessage(5, LogLevel.Error, "The source of {Device} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string device);
    }
}
