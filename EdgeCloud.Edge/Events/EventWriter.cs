using System.Diagnostics;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Devices;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Outbox;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Events;

/// <summary>Makes a frame's event, numbered within its device, and stores it for Kafka.</summary>
internal sealed class EventWriter(EventOutbox outbox, StageMetrics stages)
{
    private const int Capacity = 1024;

    private readonly Lock _lock = new();
    private readonly DeviceTable<Numbered> _devices = new(Capacity, static device => device.Accepted);

    /// <returns>The frame with its event, or why that could not be stored.</returns>
    public async ValueTask<(AcceptedFrame? Accepted, FrameRejection? Rejection)> WriteAsync(
        ReceivedFrame frame, FrameAnalysis analysis)
    {
        DetectionEvent detectionEvent;
        byte[] json;
        Task<StoreResult> storing;
        var started = Stopwatch.GetTimestamp();

        // In one step, so that the events of a device go to Kafka in the order of their numbers.
        lock (_lock)
        {
            detectionEvent = EventOf(frame, analysis, NextNumber(frame.DeviceId, analysis.AcceptedMonotonic));
            json = DetectionEventJson.Write(detectionEvent);
            storing = outbox.StoreAsync(detectionEvent, json);
        }

        var stored = await storing;
        var ended = Stopwatch.GetTimestamp();
        EdgeTelemetry.TracedFrame?.AddStage("store", started, ended);
        if (stored.Problem is { } problem)
            return (null, FrameRejection.EventNotStored(problem));
        stages.Done("store", Stopwatch.GetElapsedTime(started, ended));
        return (new AcceptedFrame(detectionEvent, json, stored.Delivery == Delivery.Sending), null);
    }

    /// <returns>From 1; again from 1 for a device that others have crowded out.</returns>
    private long NextNumber(string deviceId, TimeSpan accepted)
    {
        var number = _devices.TryGet(deviceId, out var last) ? last.Number + 1 : 1;
        _devices.Set(deviceId, new Numbered(number, accepted));
        return number;
    }

    private DetectionEvent EventOf(ReceivedFrame frame, FrameAnalysis analysis, long number) => new()
    {
        DeviceId = frame.DeviceId,
        Timestamp = analysis.Accepted,
        PersonsDetected = analysis.Findings.Persons,
        Faces = analysis.Findings.Faces,
        EventId = Guid.CreateVersion7(analysis.Accepted),
        Schema = DetectionEvent.CurrentSchema,
        Frame = new FrameInfo(number, analysis.Size.Width, analysis.Size.Height),
        CapturedAt = frame.CapturedAt,
        Poses = analysis.Findings.Poses,
        Unchanged = analysis.IsUnchanged ? true : null,
        TimingMs = analysis.Timing,
        EnergyJoules = analysis.Joules,
        NextFrameMs = (int)analysis.NextFrame.TotalMilliseconds,
        OutboxEvents = outbox.Events,
    };

    private readonly record struct Numbered(long Number, TimeSpan Accepted);
}
