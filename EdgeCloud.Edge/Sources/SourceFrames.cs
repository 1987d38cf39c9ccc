using System.Buffers;
using System.Threading.Channels;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;

namespace EdgeCloud.Edge.Sources;

/// <summary>
/// The frames of one source on their way to the models, no sooner than each is due. Only the newest waits for its turn;
/// of a file that is read as fast as it is looked at, each one does, and the file with it.
/// </summary>
internal sealed partial class SourceFrames
{
    /// <summary>After a frame that failed.</summary>
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private readonly SourceOptions _options;
    private readonly SourceKind _kind;
    private readonly SourceServices _services;
    private readonly ILogger _logger;
    private readonly Channel<ReceivedFrame> _waiting;

    /// <summary>When the next frame is due, ticks of the clock that never goes back.</summary>
    private long _due;

    public SourceFrames(SourceOptions options, SourceServices services, ILogger logger)
    {
        (_options, _services, _logger) = (options, services, logger);
        _kind = new SourceAddress(options.Url).Kind;
        var mode = IsPaced ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.Wait;
        _waiting = Channel.CreateBounded<ReceivedFrame>(new BoundedChannelOptions(1) { FullMode = mode }, Drop);
    }

    /// <summary>Until the next frame is due; not above zero when it is.</summary>
    public TimeSpan UntilDue => TimeSpan.FromTicks(Volatile.Read(ref _due)) - Now;

    private bool IsPaced => _options.RealTime;

    /// <summary>By more than half the interval, since the next one would be late by more otherwise.</summary>
    private bool IsEarly => IsPaced && UntilDue > _options.Interval / 2;

    private TimeSpan Now => _services.Time.GetElapsedTime(0);

    /// <param name="jpeg">Is copied.</param>
    public async ValueTask TakeAsync(ReadOnlySequence<byte> jpeg)
    {
        if (IsEarly)
            _services.Metrics.Dropped(_options.Device);
        else if (_services.Intake.Receive(_options.Device, _kind, jpeg) is { } frame)
            await _waiting.Writer.WriteAsync(frame);
    }

    /// <summary>No more are taken, and <see cref="ProcessAsync"/> ends with those that wait.</summary>
    public void Complete() => _waiting.Writer.Complete();

    /// <param name="cancellationToken">Those that wait are dropped.</param>
    public async Task ProcessAsync(CancellationToken cancellationToken)
    {
        await foreach (var frame in _waiting.Reader.ReadAllAsync(CancellationToken.None))
        {
            // It may have come while another was being looked at, whose answer asks for a longer pause.
            if (IsEarly || cancellationToken.IsCancellationRequested)
            {
                Drop(frame);
                continue;
            }

            var started = Now;
            using (frame)
                Volatile.Write(ref _due, (started + await NextAsync(frame, cancellationToken)).Ticks);
        }
    }

    /// <returns>From this frame to the next.</returns>
    private async Task<TimeSpan> NextAsync(ReceivedFrame frame, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var (accepted, rejection) = await _services.Intake.ProcessAsync(frame, cancellationToken);
                if (accepted is not null)
                    return TimeSpan.FromMilliseconds(accepted.Event.NextFrameMs ?? 0);
                var wait = rejection!.RetryAfter;
                if (IsPaced || wait is null)
                    return wait ?? TimeSpan.Zero;
                await Task.Delay(wait.Value, _services.Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // One frame that cannot be looked at does not end the source.
            Log.NotProcessed(_logger, exception, frame.DeviceId);
            return FailurePause;
        }
    }

    private void Drop(ReceivedFrame frame)
    {
        frame.Dispose();
        _services.Metrics.Dropped(_options.Device);
    }

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Error, "A frame of the source of {Device} failed")]
        public static partial void NotProcessed(ILogger logger, Exception exception, string device);
    }
}
