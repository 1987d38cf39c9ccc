using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Devices;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Outbox;
using EdgeCloud.Edge.Presence;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Events;

/// <summary>Makes a frame's event, numbered within its device, and stores it for Kafka.</summary>
internal sealed partial class EventWriter(
    People people, EventOutbox outbox, StageMetrics stages, ILogger<EventWriter> logger)
{
    private const int Capacity = 1024;

    private readonly Lock _lock = new();
    private readonly DeviceTable<Numbered> _devices = new(Capacity, static device => device.Accepted);

    /// <returns>The frame with its event, or why that could not be stored.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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
            var zones = frame.Detail == FrameDetail.High ? null : See(frame.DeviceId, analysis);
            detectionEvent = EventOf(frame, analysis, NextNumber(frame.DeviceId, analysis.AcceptedMonotonic), zones);
            json = DetectionEventJson.Write(detectionEvent);
            storing = outbox.StoreAsync(detectionEvent, json);
        }

        if (logger.IsEnabled(LogLevel.Debug))
            LogDetected(detectionEvent);
        var stored = await storing;
        var ended = Stopwatch.GetTimestamp();
        EdgeTelemetry.TracedFrame?.AddStage("store", started, ended);
        if (stored.Problem is { } problem)
            return (null, FrameRejection.EventNotStored(problem));
        stages.Done("store", Stopwatch.GetElapsedTime(started, ended));
        var isSending = stored.Delivery == Delivery.Sending;
        return (new AcceptedFrame(detectionEvent, json, isSending) { Spared = analysis.Spared }, null);
    }

    /// <returns>From 1; again from 1 for a device that others have crowded out.</returns>
    private long NextNumber(string deviceId, TimeSpan accepted)
    {
        var number = _devices.TryGet(deviceId, out var last) ? last.Number + 1 : 1;
        _devices.Set(deviceId, new Numbered(number, accepted));
        return number;
    }

    private ZoneFindings? See(string deviceId, FrameAnalysis analysis) => people.See(
        deviceId, new Moment(analysis.Accepted, analysis.AcceptedMonotonic),
        (double)analysis.Size.Width / analysis.Size.Height, analysis.Findings.Faces, analysis.Findings.Poses);

    private DetectionEvent EventOf(
        ReceivedFrame frame, FrameAnalysis analysis, long number, ZoneFindings? zones) => new()
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
            Source = frame.Source,
            Zones = zones,
        };

    private void LogDetected(DetectionEvent found) => Log.Detected(
        logger, found.DeviceId, found.Frame!.Sequence, found.PersonsDetected,
        Scores(found.Faces.Select(static face => face.Conf)),
        Scores(found.Poses?.Select(static pose => pose.Conf) ?? []));

    private static string Scores(IEnumerable<double> scores) =>
        string.Join(' ', scores.Select(static score => score.ToString("0.00", CultureInfo.InvariantCulture)))
            is { Length: > 0 } text ? text : "none";

    private readonly record struct Numbered(long Number, TimeSpan Accepted);

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Debug, "Detected in frame {Sequence} of {DeviceId}: persons {Persons}, faces {Faces}, "
            + "poses {Poses}")]
        public static partial void Detected(
            ILogger logger, string deviceId, long sequence, int persons, string faces, string poses);
    }
}
