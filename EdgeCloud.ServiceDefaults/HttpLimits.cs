using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeCloud.ServiceDefaults;

/// <summary>
/// Configuration section <c>Http</c>: what a client may ask of a service's connections, the same for every service.
/// </summary>
public sealed class HttpLimits
{
    public const string Section = "Http";

    /// <summary>Half of the framework's 100; browsers, Prometheus and probes send about 15.</summary>
    internal const int MaxHeaders = 50;

    /// <summary>
    /// Room for the cookies that a browser collects on localhost from everything ever developed there,
    /// since cookies know no ports.
    /// </summary>
    internal const int MaxHeadersBytes = 32 * 1024;

    /// <summary>The longest line asked for, with a device_id and a time in its query, has under 200 bytes.</summary>
    internal const int MaxRequestLineBytes = 4 * 1024;

    /// <summary>
    /// Connections at once; one more is closed unanswered. Far above what a service of this size has work for, far
    /// below where idle ones, about 10 KB each, or file descriptors, often 4096, would end the process.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = Section + ":MaxConnections must lie between 1 and 1000000.")]
    public int MaxConnections { get; set; } = 1000;

    /// <summary>
    /// From a request's first byte to the end of its headers, which an honest client sends in one packet.
    /// </summary>
    [Range(
        typeof(TimeSpan), "00:00:00.100", "00:10:00",
        ErrorMessage = Section + ":HeadersTimeout must lie between 00:00:00.100 and 00:10:00.")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection may idle, also before its first request. Longer than .NET's HttpClient keeps one (1
    /// minute), so that it is the client who lets go and no request meets a closing connection.
    /// </summary>
    [Range(
        typeof(TimeSpan), "00:00:00.100", "01:00:00",
        ErrorMessage = Section + ":KeepAliveTimeout must lie between 00:00:00.100 and 01:00:00.")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Below this, bytes per second, a body in coming or an answer in going is given up: a webcam's frame of 60
    /// KB would take 15 seconds.
    /// </summary>
    [Range(1, 1024 * 1024, ErrorMessage = Section + ":MinBytesPerSecond must lie between 1 and 1048576.")]
    public int MinBytesPerSecond { get; set; } = 4096;

    /// <summary>How long a body may be slower than that, so that a hitch in a mobile network is forgiven.</summary>
    [Range(
        typeof(TimeSpan), "00:00:01.001", "00:10:00",
        ErrorMessage = Section + ":SlowGracePeriod must lie between 00:00:01.001 and 00:10:00.")]
    public TimeSpan SlowGracePeriod { get; set; } = TimeSpan.FromSeconds(5);

    public void ApplyTo(KestrelServerLimits kestrel)
    {
        var slowest = new MinDataRate(MinBytesPerSecond, SlowGracePeriod);
        kestrel.MaxConcurrentConnections = MaxConnections;
        kestrel.RequestHeadersTimeout = HeadersTimeout;
        kestrel.KeepAliveTimeout = KeepAliveTimeout;
        kestrel.MinRequestBodyDataRate = slowest;
        kestrel.MinResponseDataRate = slowest;
        kestrel.MaxRequestHeaderCount = MaxHeaders;
        kestrel.MaxRequestHeadersTotalSize = MaxHeadersBytes;
        kestrel.MaxRequestLineSize = MaxRequestLineBytes;

        // An endpoint that reads a body says how large it may be.
        kestrel.MaxRequestBodySize = 0;
    }
}
