using System.Buffers;
using System.Collections.Concurrent;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Edge.Sources;

/// <summary>A source whose frames the test fetches and looks at, with a clock that the test moves.</summary>
internal sealed class FetchedSource : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Measurements _measurements = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly CameraSource _source;
    private readonly Task _running;
    private readonly Func<FetchRequest, TakeFrame, int, Task<FetchEnd>> _fetch;

    /// <param name="options">Of which the address must be one.</param>
    /// <param name="fetch">Each attempt, by its number from 1.</param>
    /// <param name="process">Looks at a frame, which is one byte.</param>
    public FetchedSource(
        SourceOptions options, Func<FetchRequest, TakeFrame, int, Task<FetchEnd>> fetch,
        Func<byte, Task<(int NextFrameMs, FrameRejection? Rejection)>>? process = null)
    {
        _fetch = fetch;
        var intake = new SourceIntake(
            async (frame, _) =>
            {
                var answer = process is null ? (0, null) : await process(frame.Jpeg[0]);
                return answer.Rejection is { } rejection ? (null, rejection) : (Accepted(answer.NextFrameMs), null);
            },
            new FrameMemory(Options.Create(new FrameOptions())), new FrameMetrics(_measurements.Meters), _time);
        var services = new SourceServices(FetchAsync, intake, new SourceMetrics(_measurements.Meters), _time);
        _source = new CameraSource(0, options, services, NullLogger.Instance);

        // Beside the test's own threads, so that all that is due has happened when the clock has been moved.
        _running = Task.Run(() => Task.FromResult(_source.RunAsync(_ended.Token))).Result;
    }

    public ConcurrentQueue<FetchRequest> Attempts { get; } = [];

    public SourceStatus Status => _source.Status;

    /// <summary>Frames that came too early, or for which a newer one came.</summary>
    public long Dropped => _measurements.Count("edgecloud.source.frames.dropped/door");

    public static ReadOnlySequence<byte> Frame(int number) => new([(byte)number]);

    public Task AdvanceAsync(double seconds) => Task.Run(() => _time.Advance(TimeSpan.FromSeconds(seconds)));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        _ended.Dispose();
        _measurements.Dispose();
    }

    private static AcceptedFrame Accepted(int nextFrameMs) => new(
        Testing.Events.Of("door", DateTimeOffset.UnixEpoch) with { NextFrameMs = nextFrameMs }, [], IsSending: true);

    private Task<FetchEnd> FetchAsync(FetchRequest request, TakeFrame take, CancellationToken cancellationToken)
    {
        Attempts.Enqueue(request);
        return _fetch(request, take, Attempts.Count).WaitAsync(cancellationToken);
    }
}
