using System.Text.Json;
using EdgeCloud.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Zones;

/// <summary>
/// Keeps the zones in their file: written beside it and renamed, so that no reader sees half of them, and followed when
/// somebody else changes it. A file that has become wrong is said to be, and the zones stay as they were.
/// </summary>
internal sealed partial class ZoneStore(IOptions<ZoneOptions> options, TimeProvider time, ILogger<ZoneStore> logger)
    : BackgroundService
{
    /// <summary>More than all zones and lines that there may be, with room for comments.</summary>
    private const int MaxBytes = 1 << 20;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly string _kept = Path.GetFullPath(options.Value.Path);
    private readonly string? _given = options.Value.File is { Length: > 0 } file ? Path.GetFullPath(file) : null;
    private readonly Lock _lock = new();
    private volatile ZoneMap _map = ZoneMap.Empty;
    private byte[] _known = [];
    private string? _problem;

    public ZoneMap Map => _map;

    private bool IsGiven => File.Exists(_given);

    private string Used => IsGiven ? _given! : _kept;

    /// <exception cref="StartException">The file cannot be read, or is no such file.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Load();
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            throw new StartException($"The zones in {Used} cannot be used: {Reason(exception)} Mend or remove the "
                + $"file, or set {ZoneOptions.Section}:Path or File to another one.", exception);
        }

        return base.StartAsync(cancellationToken);
    }

    /// <param name="deviceId">Whose zones they are.</param>
    /// <param name="device">What they are to be, with the version that they were read with.</param>
    /// <returns>What they are now, or why they were not changed.</returns>
    public ZoneChange Change(string deviceId, DeviceZones device)
    {
        lock (_lock)
        {
            try
            {
                // Somebody may have written the file since it was last looked at.
                Load();
            }
            catch (Exception exception) when (IsOfFile(exception))
            {
                return new ZoneChange(null, ZoneProblem.NotKept,
                    $"The file of the zones cannot be used: {Reason(exception)}");
            }

            if (device.Version != _map.Of(deviceId).Version)
                return new ZoneChange(null, ZoneProblem.Outdated,
                    "Somebody else has changed the zones since they were read. Read them again.");
            if (_map.TrySet(deviceId, device, out var problem) is not { } changed)
                return new ZoneChange(null, ZoneProblem.Invalid, problem);
            if (IsGiven)
                return new ZoneChange(null, ZoneProblem.NotKept,
                    "The zones of this edge come from a file that others keep, or a ConfigMap. Change them there.");
            try
            {
                Save(changed.Write());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return new ZoneChange(null, ZoneProblem.NotKept,
                    $"The edge cannot write the file of its zones: {exception.Message}");
            }

            _map = changed;
            return new ZoneChange(changed.Of(deviceId));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookAgain, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                lock (_lock)
                    Load();
                _problem = null;
            }
            catch (Exception exception) when (IsOfFile(exception))
            {
                if (_problem != exception.Message)
                    Log.Unusable(logger, Used, Reason(exception));
                _problem = exception.Message;
            }
        }
    }

    private void Load()
    {
        var json = Read();
        if (json.AsSpan().SequenceEqual(_known))
            return;
        _map = json.Length == 0 ? ZoneMap.Empty : ZoneMap.Read(json);
        _known = json;
    }

    /// <returns>Nothing when there is no file.</returns>
    private byte[] Read()
    {
        try
        {
            using var file = new FileStream(
                Used, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MaxBytes)
                throw new JsonException($"It has {file.Length} bytes; the limit is {MaxBytes}.");
            var json = new byte[file.Length];
            file.ReadExactly(json);
            return json;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private void Save(byte[] json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_kept)!);
        var beside = $"{_kept}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllBytes(beside, json);
            File.Move(beside, _kept, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }

        _known = json;
    }

    private static bool IsOfFile(Exception exception) =>
        exception is JsonException or IOException or UnauthorizedAccessException;

    private static string Reason(Exception exception) =>
        exception is JsonException json ? ZoneJson.Describe(json) : exception.Message;

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error, "The zones in {Path} cannot be used, and stay as they were: {Reason}")]
        public static partial void Unusable(ILogger logger, string path, string reason);
    }
}

/// <param name="Zones">What they are now; null when they were not changed.</param>
/// <param name="Problem">Of what kind it is that they were not.</param>
/// <param name="Detail">Why they were not.</param>
internal sealed record ZoneChange(
    DeviceZones? Zones, ZoneProblem Problem = ZoneProblem.None, string? Detail = null);

/// <summary>Why zones were not changed.</summary>
internal enum ZoneProblem
{
    None,
    Invalid,
    Outdated,
    NotKept,
}
