namespace EdgeCloud.Cli.Load;

/// <summary>What to send, how much of it, and where.</summary>
internal sealed record LoadPlan
{
    /// <summary>The JPEG that every frame is.</summary>
    public required byte[] Photo { get; init; }

    public required int Devices { get; init; }

    /// <summary>Per device; infinity sends the next frame when the last is answered.</summary>
    public required double FramesPerSecond { get; init; }

    public required TimeSpan Duration { get; init; }

    public required Uri Edge { get; init; }

    public required Uri Server { get; init; }

    /// <summary>The bootstrap servers; null looks at the edge and the server only.</summary>
    public string? Kafka { get; init; }

    /// <summary>How long to wait, after the last frame, for the next accepted event to become visible.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>Each run has devices of its own, so that other traffic does not blur its totals.</summary>
    public string DevicePrefix { get; } = $"load-{Guid.NewGuid():N}"[..13] + "-";

    public IEnumerable<string> DeviceIds => Enumerable.Range(1, Devices).Select(number => $"{DevicePrefix}{number}");
}
