using System.Diagnostics;
using System.Globalization;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Sources;

/// <summary>
/// How ffmpeg is started for a source. Everybody on the machine can read its arguments, so an address that may contain
/// credentials comes by standard input, as a list of one for ffmpeg's concat demuxer.
/// </summary>
internal static class FfmpegCommand
{
    /// <summary>What it needs of the edge's environment, in which the addresses may be, too.</summary>
    private static readonly string[] Kept =
        ["PATH", "SystemRoot", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    /// <param name="address">Of the source.</param>
    /// <param name="options">Likewise.</param>
    public static ProcessStartInfo Start(SourceAddress address, SourceOptions options)
    {
        // A little less than the interval, or a frame that is early by a millisecond would cost the next one.
        var interval = (0.95 / options.Fps).ToString("0.####", CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "-hide_banner", "-loglevel", "error", "-nostdin", "-threads", "1", .. Input(address, options),
            "-map", "0:v:0", "-vf", $@"select=isnan(prev_selected_t)+gte(t-prev_selected_t\,{interval})",
            "-fps_mode", "passthrough", "-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-threads", "1", "-q:v", "3",
            "-flush_packets", "1", "-f", "image2pipe", "pipe:1",
        ];
        var start = new ProcessStartInfo("ffmpeg", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var environment = Kept.Select(name => (name, Environment.GetEnvironmentVariable(name))).ToArray();
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            if (value is not null)
                start.Environment[name] = value;
        }

        return start;
    }

    /// <param name="address">Of the source.</param>
    /// <param name="isUdpFirst">RTSP over UDP before TCP.</param>
    /// <param name="timeout">After which ffmpeg ends by itself, should the edge have been killed.</param>
    /// <returns>What ffmpeg reads from its standard input; nothing for what the arguments name.</returns>
    public static string Script(SourceAddress address, bool isUdpFirst, TimeSpan timeout)
    {
        if (address.Kind is SourceKind.File or SourceKind.Video)
            return "";
        var microseconds = ((long)timeout.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);

        // ffmpeg tries the other protocol by itself when the first one is refused (461).
        string[] lines = address.Kind == SourceKind.Http
            ? [$"option rw_timeout {microseconds}"]
            :
            [
                "option rtsp_transport tcp+udp", .. isUdpFirst ? [] : (string[])["option rtsp_flags prefer_tcp"],
                $"option timeout {microseconds}",
            ];
        var quoted = address.Full.Replace("'", @"'\''", StringComparison.Ordinal);
        return string.Join('\n', [$"ffconcat version 1.0\nfile '{quoted}'", .. lines, ""]);
    }

    /// <summary>The protocols leave out files, which a camera's answer could name otherwise.</summary>
    private static string[] Input(SourceAddress address, SourceOptions options) => address.Kind switch
    {
        SourceKind.Rtsp =>
            ["-protocol_whitelist", "pipe,rtsp,rtp,tcp,udp", "-f", "concat", "-safe", "0", "-i", "pipe:0"],
        SourceKind.Http =>
            ["-protocol_whitelist", "pipe,http,https,httpproxy,tcp,tls", "-f", "concat", "-safe", "0", "-i", "pipe:0"],
        SourceKind.Video => ["-f", "v4l2", "-i", address.Full],
        _ =>
        [
            "-protocol_whitelist", "file", .. options.RealTime ? (string[])["-re"] : [],
            .. options.Loop ? (string[])["-stream_loop", "-1"] : [], "-i", $"file:{address.Full}",
        ],
    };
}
