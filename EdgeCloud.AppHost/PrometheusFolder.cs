namespace EdgeCloud.AppHost;

/// <summary>
/// Where an installed Prometheus has its configuration, with the addresses that edge and server were given, and its
/// data. Gone when disposed of.
/// </summary>
internal sealed class PrometheusFolder : IDisposable
{
    /// <summary>The file of observability/prometheus for a run on this machine.</summary>
    public const string ConfigurationFile = "prometheus.local.yml";

    /// <summary>What that file says of the edge's address.</summary>
    public const string Edge = "localhost:9001";

    /// <summary>What that file says of the server's address.</summary>
    public const string Server = "localhost:9002";

    private readonly string _path =
        Path.Combine(Path.GetTempPath(), $"edgecloud-prometheus-{Path.GetRandomFileName()}");

    public string File(string name) => Path.Combine(_path, name);

    public async Task FillAsync(
        string source, EndpointReference edge, EndpointReference server, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_path);
        foreach (var rules in Directory.EnumerateFiles(source, "*.rules.yml"))
            System.IO.File.Copy(rules, File(Path.GetFileName(rules)), overwrite: true);

        var configuration =
            (await System.IO.File.ReadAllTextAsync(Path.Combine(source, ConfigurationFile), cancellationToken))
                .Replace(
                    Edge, await edge.Property(EndpointProperty.HostAndPort).GetValueAsync(cancellationToken),
                    StringComparison.Ordinal)
                .Replace(
                    Server, await server.Property(EndpointProperty.HostAndPort).GetValueAsync(cancellationToken),
                    StringComparison.Ordinal);
        await System.IO.File.WriteAllTextAsync(File(ConfigurationFile), configuration, cancellationToken);
    }

    public void Dispose()
    {
        if (Directory.Exists(_path))
            Directory.Delete(_path, recursive: true);
    }
}
