using System.Diagnostics.Metrics;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Presence;
using EdgeCloud.Edge.Zones;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Edge.Presence;

/// <summary>Persons before cameras as the edge knows them, on a clock of the test's.</summary>
internal sealed class PeopleScene : IDisposable
{
    public const string Device = "door";

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ZoneStore _zones;
    private readonly Measurements _measurements;

    public PeopleScene()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _measurements = new Measurements(meters);
        _zones = new ZoneStore(
            Options.Create(new ZoneOptions { Path = _folder.File("zones.json") }), Clock,
            NullLogger<ZoneStore>.Instance);
        People = new People(_zones, new PresenceMetrics(meters), Clock, Options.Create(new PresenceOptions()));
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public People People { get; }

    public TimeSpan Now => Clock.GetElapsedTime(0);

    public long Count(string instrument) => _measurements.Count(instrument);

    public void Draw(DeviceZones zones, string device = Device) => Assert.Null(
        _zones.Change(device, zones with { Version = _zones.Map.Of(device).Version }).Detail);

    /// <summary>A frame some time after the last, of a picture twice as wide as it is high.</summary>
    public ZoneFindings? See(double secondsLater, params Face[] faces) => See(Device, secondsLater, faces);

    public ZoneFindings? See(string device, double secondsLater, Face[] faces, PersonPose[]? poses = null)
    {
        Clock.Advance(TimeSpan.FromSeconds(secondsLater));
        return People.See(device, new Moment(Clock.GetUtcNow(), Now), 2, faces, poses);
    }

    /// <summary>All that is to be told now, which is kept.</summary>
    public IReadOnlyList<PresenceEvent> Tell()
    {
        List<PresenceEvent> told = [];
        while (People.ToTell(Now, 100) is { Count: > 0 } tellings)
        {
            People.Told(tellings, Now);
            told.AddRange(tellings.Select(telling => telling.Presence));
        }

        return told;
    }

    /// <summary>A face a fifth of the picture high, its middle at a point.</summary>
    public static Face At(double x, double y, long? track = 1, double score = 0.9) => new()
    {
        Conf = score,
        Xmin = x - 0.05,
        Ymin = y - 0.1,
        Width = 0.1,
        Height = 0.2,
        TrackId = track,
    };

    public static Zone Left(int? capacity = null) => new()
    {
        Name = "left",
        Points = [new(0, 0), new(0.5, 0), new(0.5, 1), new(0, 1)],
        Capacity = capacity,
    };

    public static Line Middle(double? hysteresis = null) =>
        new() { Name = "middle", From = new(0.5, 0), To = new(0.5, 0.8), Hysteresis = hysteresis };

    public void Dispose()
    {
        _zones.Dispose();
        _measurements.Dispose();
        _services.Dispose();
        _folder.Dispose();
    }
}
