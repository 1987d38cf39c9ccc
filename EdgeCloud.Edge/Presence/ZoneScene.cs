using EdgeCloud.Contract;
using EdgeCloud.Edge.Zones;

namespace EdgeCloud.Edge.Presence;

/// <summary>The zones and lines of a frame, and who is told what happens there.</summary>
/// <param name="Device">Null where the device has none.</param>
/// <param name="Aspect">The picture's width over its height.</param>
/// <param name="Metrics">Counts it, where somebody reads them.</param>
/// <param name="Crossings">Gets the crossings; null where there are no lines.</param>
internal readonly record struct ZoneScene(
    DeviceZones? Device, double Aspect, PresenceMetrics? Metrics, List<LineCrossing>? Crossings)
{
    public void Left(int zone, double seconds) =>
        Metrics?.Left(Device!.DeviceId!, Device.Zones[zone].Name, seconds);

    public void Crossed(int line, CrossingDirection direction, long trackId)
    {
        Crossings?.Add(new LineCrossing(Device!.Lines[line].Name, direction, trackId));
        Metrics?.Crossed(Device!.DeviceId!, Device.Lines[line].Name, direction);
    }
}
