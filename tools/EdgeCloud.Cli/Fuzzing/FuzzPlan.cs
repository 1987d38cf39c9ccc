namespace EdgeCloud.Cli.Fuzzing;

/// <summary>Where to send inputs, which, and until when.</summary>
internal sealed record FuzzPlan
{
    public required Uri Edge { get; init; }

    public required Uri Server { get; init; }

    /// <summary>The bootstrap servers; null sends requests only.</summary>
    public string? Kafka { get; init; }

    /// <summary>The JPEG that has exactly one person in it, whatever came before.</summary>
    public required byte[] KnownGood { get; init; }

    /// <summary>Decides every input: the same seed makes the same ones in the same rounds.</summary>
    public int Seed { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.MaxValue;

    public int Rounds { get; init; } = int.MaxValue;

    /// <summary>What to send, and nothing else; empty makes inputs from the seed.</summary>
    public IReadOnlyList<FuzzInput> Only { get; init; } = [];

    /// <summary>Where inputs that break something are written.</summary>
    public required string FindingsFolder { get; init; }
}
