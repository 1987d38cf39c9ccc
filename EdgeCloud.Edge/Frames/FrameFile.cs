using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// Keeps the newest frame of the default device in a file, for developers who look there. Written beside the request,
/// at most once a second, newest wins; by a rename, so that a reader never sees half a picture.
/// </summary>
internal sealed partial class FrameFile(
    IOptions<FrameOptions> options, LatestFrames latest, TimeProvider time, ILogger<FrameFile> logger)
    : BackgroundService
{
    /// <summary>Nobody looks more often; with every frame it took 13 % of the edge's CPU time.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly FrameOptions _options = options.Value;
    private readonly Channel<bool> _news =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _failing;

    public void Offer(string deviceId)
    {
        if (_options.FrameFile.Length > 0 && deviceId == _options.DefaultDeviceId)
            _news.Writer.TryWrite(true);
    }

    /// <summary>
    /// Before any frame comes: what an earlier start left there is not the newest frame, nor is what it left beside it
    /// when it was killed while writing.
    /// </summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_options.FrameFile.Length > 0)
                Remove(Path.GetFullPath(_options.FrameFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(logger, _options.FrameFile, exception.Message);
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _news.Reader.ReadAllAsync(stoppingToken))
        {
            if (latest.Jpeg(_options.DefaultDeviceId) is { } jpeg)
                await WriteAsync(jpeg, stoppingToken);
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private static void Remove(string file)
    {
        var folder = Path.GetDirectoryName(file);
        if (!Directory.Exists(folder))
            return;
        foreach (var unfinished in Directory.EnumerateFiles(folder, Path.GetFileName(file) + ".*.tmp"))
            File.Delete(unfinished);
        if (File.Exists(file))
            File.Delete(file);
    }

    private async Task WriteAsync(byte[] jpeg, CancellationToken cancellationToken)
    {
        var temporary = $"{_options.FrameFile}.{Environment.ProcessId}.tmp";
        try
        {
            await File.WriteAllBytesAsync(temporary, jpeg, cancellationToken);
            File.Move(temporary, _options.FrameFile, overwrite: true);
            _failing = false;
            Log.Written(logger, _options.FrameFile, jpeg.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_failing)
                Log.NotWritten(logger, _options.FrameFile, exception.Message);
            _failing = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The newest frame is not written to {File}: {Reason}. "
            + "Set Edge:Frames:FrameFile to another path, or to nothing to write none")]
        public static partial void NotWritten(ILogger logger, string file, string reason);

        [LoggerMessage(3, LogLevel.Warning, "The frame of an earlier start stays in {File}: {Reason}. "
            + "Remove it, or set Edge:Frames:FrameFile to another path")]
        public static partial void NotRemoved(ILogger logger, string file, string reason);

        [LoggerMessage(2, LogLevel.Debug, "Wrote {File}, {Bytes} bytes")]
        public static partial void Written(ILogger logger, string file, int bytes);
    }
}
