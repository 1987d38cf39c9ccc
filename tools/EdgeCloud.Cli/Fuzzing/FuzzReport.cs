using System.Collections.Concurrent;

namespace EdgeCloud.Cli.Fuzzing;

/// <summary>What a run did and found. Thread-safe.</summary>
internal sealed class FuzzReport
{
    private readonly ConcurrentDictionary<string, int> _outcomes = [];
    private readonly ConcurrentQueue<FuzzFinding> _findings = [];
    private readonly List<Memory> _memory = [];

    /// <summary>How many inputs ended how.</summary>
    public IReadOnlyDictionary<string, int> Outcomes => _outcomes;

    public IReadOnlyCollection<FuzzFinding> Findings => _findings;

    /// <summary>After each round.</summary>
    public IReadOnlyList<Memory> Memory => _memory;

    public TimeSpan Elapsed { get; set; }

    public void Count(string outcome) => _outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);

    public void Find(string problem, IReadOnlyList<string> files) => _findings.Enqueue(new FuzzFinding(problem, files));

    public void Sample(Memory memory) => _memory.Add(memory);
}

/// <param name="Problem">What is wrong.</param>
/// <param name="Files">The input that shows it; all of a round when it could be any of them.</param>
internal sealed record FuzzFinding(string Problem, IReadOnlyList<string> Files);
