using System.Diagnostics.Metrics;
using EdgeCloud.Carbon;
using EdgeCloud.Carbon.Pacing;
using EdgeCloud.Edge.Devices;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Telemetry;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Pacing;

/// <summary>
/// The pace of each device, by <see cref="PacingPolicy"/>. Of a device that others have crowded out nothing is
/// remembered: it begins as a new one does.
/// </summary>
internal sealed class DevicePacing
{
    public const int Capacity = 1024;

    private readonly IntensityFeed _intensity;
    private readonly TimeProvider _time;
    private readonly DevicePolicy _default;
    private readonly Dictionary<string, DevicePolicy> _ofSources;
    private readonly FrameCosts _costs;
    private readonly ModelChoice[] _models;
    private readonly Counter<double> _spared;
    private readonly Lock _lock = new();
    private readonly DeviceTable<Paced> _devices = new(Capacity, static device => device.SeenAt);

    public DevicePacing(
        IOptions<PacingOptions> options,
        FrameIntervals intervals,
        FrameCosts costs,
        IntensityFeed intensity,
        IMeterFactory meters,
        TimeProvider time)
    {
        (_intensity, _time) = (intensity, time);
        (_costs, _models) = (costs, costs.Models);
        _default = PolicyOf(intervals.Default);
        _ofSources = intervals.OfSources.ToDictionary(source => source.Key, source => PolicyOf(source.Value));
        _spared = meters.Create(EdgeTelemetry.Name).CreateCounter<double>(
            "edgecloud.frames.spared", "{frame}",
            "Frames that clients were asked not to send, against one every FrameInterval, and of a source by its Fps");

        DevicePolicy PolicyOf(TimeSpan interval) => new(interval, new PacingPolicy(
            options.Value, interval, _models.Length, model => _costs.Of(_models[model])));
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _devices.Count;
        }
    }

    /// <returns>The models for the frame of this device that is to be looked at now.</returns>
    public ModelChoice Models(string deviceId)
    {
        lock (_lock)
            return _devices.TryGet(deviceId, out var device) ? _models[device.Pace.Model] : _models[0];
    }

    /// <summary>Takes note of a frame.</summary>
    /// <param name="deviceId">Whose it was.</param>
    /// <param name="isPersonPresent">Whether a person was found.</param>
    /// <param name="models">What it was looked at with.</param>
    /// <param name="joules">What that took; null when it was unchanged. A budget must hold when
    /// everything moves.</param>
    /// <returns>How long until the next.</returns>
    public TimeSpan Next(string deviceId, bool isPersonPresent, ModelChoice models, double? joules)
    {
        var now = _time.GetElapsedTime(0);
        var intensity = _intensity.Current;
        var (interval, policy) = _ofSources.GetValueOrDefault(deviceId, _default);
        lock (_lock)
        {
            if (joules is { } spent)
                _costs.Note(models, spent);
            var state = _devices.TryGet(deviceId, out var device) ? device.State : PacingPolicy.Start(now);
            double? gramsPerKwh = intensity.IsCurrent ? intensity.GramsPerKwh : null;
            (var pace, state) = policy.Next(state, new PacingInput(now, isPersonPresent, gramsPerKwh));
            _devices.Set(deviceId, new Paced(state, pace, now));
            _spared.Add((pace.Interval / interval) - 1);
            return pace.Interval;
        }
    }

    private sealed record DevicePolicy(TimeSpan Interval, PacingPolicy Policy);

    private readonly record struct Paced(PacingState State, Pace Pace, TimeSpan SeenAt);
}
