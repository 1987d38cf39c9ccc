namespace EdgeCloud.AppHost.Cluster;

/// <summary>
/// What a pod may take, in Kubernetes' notation (100m is a tenth of a core, Mi are mebibytes), and who it is.
/// </summary>
internal sealed record Pod
{
    /// <summary>The number of the image's own user; its group and that of its volumes have the same.</summary>
    public required long User { get; init; }

    public required string CpuRequest { get; init; }

    public required string CpuLimit { get; init; }

    public required string MemoryRequest { get; init; }

    public required string MemoryLimit { get; init; }

    /// <summary>From the request to end until the kill.</summary>
    public required long GracePeriodSeconds { get; init; }

    public bool AsksTheApiServer { get; init; }
}
