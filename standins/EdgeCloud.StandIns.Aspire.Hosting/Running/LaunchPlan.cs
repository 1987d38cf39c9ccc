namespace Aspire.Hosting.Running;

/// <summary>The process that makes a resource run.</summary>
internal sealed record LaunchPlan(string Command, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Asks for the end in another way than by a signal to the process.</summary>
    public Func<CancellationToken, Task>? RequestStop { get; init; }

    /// <summary>What the process gets when the AppHost dies without having stopped it.</summary>
    public string SignalOnParentDeath { get; init; } = "KILL";
}
