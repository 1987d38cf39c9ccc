using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Zones;

/// <summary>The zones and lines of all devices at one moment, each with its version. Immutable.</summary>
internal sealed class ZoneMap
{
    /// <summary>Of all devices together: each is a label of metrics.</summary>
    public const int MaxZones = 64;

    public const int MaxLines = 64;

    /// <summary>What a device has of which nobody says anything.</summary>
    public static readonly DeviceZones None = new() { Version = VersionOf(new DeviceZones()) };

    public static readonly ZoneMap Empty = new(ImmutableSortedDictionary<string, DeviceZones>.Empty);

    private readonly ImmutableSortedDictionary<string, DeviceZones> _devices;

    private ZoneMap(ImmutableSortedDictionary<string, DeviceZones> devices) => _devices = devices;

    /// <summary>Those with a zone or a line.</summary>
    public IEnumerable<DeviceZones> Devices => _devices.Values;

    /// <param name="json">The content of the file.</param>
    /// <exception cref="JsonException">It is no such file; the message says what is wrong where.</exception>
    public static ZoneMap Read(ReadOnlySpan<byte> json)
    {
        var content = JsonSerializer.Deserialize(json, ZoneJson.Default.ZoneFileContent)
            ?? throw new JsonException("It is null.");
        var map = Empty;
        foreach (var (deviceId, device) in content.Devices)
        {
            if (!DeviceId.IsValid(deviceId))
                throw new JsonException($"devices has '{deviceId}', which breaks the rule: {DeviceId.Rule}.");
            if (device is null)
                throw new JsonException($"devices.{deviceId} is null.");
            if (map.TrySet(deviceId, device, out var problem) is not { } next)
                throw new JsonException($"devices.{deviceId}: {problem}");
            map = next;
        }

        return map;
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(
        new ZoneFileContent
        {
            Devices = _devices.ToDictionary(
                static device => device.Key,
                static device => device.Value with { DeviceId = null, Version = null }),
        },
        ZoneJson.Default.ZoneFileContent);

    /// <summary>Those of a device, with its id and their version.</summary>
    public DeviceZones Of(string deviceId) => Find(deviceId) ?? None with { DeviceId = deviceId };

    /// <returns>Null where the device has neither zone nor line.</returns>
    public DeviceZones? Find(string deviceId) => _devices.GetValueOrDefault(deviceId);

    /// <returns>The map with those of one device changed; null when they break a rule.</returns>
    public ZoneMap? TrySet(string deviceId, DeviceZones device, out string? problem)
    {
        problem = ZoneRules.Problem(device);
        if (problem is not null)
            return null;
        var devices = device.Zones.Count + device.Lines.Count == 0
            ? _devices.Remove(deviceId)
            : _devices.SetItem(deviceId, device with { DeviceId = deviceId, Version = VersionOf(device) });
        var (zones, lines) = (devices.Values.Sum(static one => one.Zones.Count),
            devices.Values.Sum(static one => one.Lines.Count));
        if (zones > MaxZones || lines > MaxLines)
        {
            problem = string.Create(
                CultureInfo.InvariantCulture,
                $"all devices together would have {zones} zones and {lines} lines; at most {MaxZones} and {MaxLines} ")
                + "are counted.";
            return null;
        }

        return new ZoneMap(devices);
    }

    /// <summary>By what they are, so that a file that was edited by hand has another.</summary>
    private static string VersionOf(DeviceZones device) => Convert.ToHexStringLower(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(
            device with { DeviceId = null, Version = null }, ZoneJson.Default.DeviceZones)).AsSpan(0, 8));
}
