namespace Aspire.Hosting;

/// <summary>
/// Lets a test take over the application that a program builds: it sees the builder before and the application after
/// <c>Build()</c>, and the program's own <c>Run()</c> then only waits for the test to dispose of the application.
/// </summary>
internal abstract class EntryPointInterception
{
    private static readonly AsyncLocal<EntryPointInterception?> Ambient = new();

    public static EntryPointInterception? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Completes when the program has returned, so that what it disposes of at its end is gone as well.</summary>
    public abstract Task ProgramEnded { get; }

    public abstract void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    public abstract void Building(DistributedApplicationBuilder builder);

    public abstract void Built(DistributedApplication application);
}
