using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public sealed class ProbeV1
{
    [YamlMember(Alias = "failureThreshold")]
    public int? FailureThreshold { get; set; }

    [YamlMember(Alias = "initialDelaySeconds")]
    public int? InitialDelaySeconds { get; set; }

    [YamlMember(Alias = "periodSeconds")]
    public int? PeriodSeconds { get; set; }

    [YamlMember(Alias = "timeoutSeconds")]
    public int? TimeoutSeconds { get; set; }

    [YamlMember(Alias = "httpGet")]
    public HttpGetActionV1? HttpGet { get; set; }

    [YamlMember(Alias = "tcpSocket")]
    public TcpSocketActionV1? TcpSocket { get; set; }
}

public sealed class HttpGetActionV1
{
    [YamlMember(Alias = "scheme")]
    public string Scheme { get; set; } = null!;

    [YamlMember(Alias = "path")]
    public string Path { get; set; } = null!;

    [YamlMember(Alias = "port")]
    public Int32OrStringV1? Port { get; set; }
}

public sealed class TcpSocketActionV1
{
    [YamlMember(Alias = "port")]
    public int Port { get; set; }
}
