using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace EdgeCloud.AppHost;

/// <summary>
/// Whether containers are to be used. Asked before anything starts: without a runtime a container resource never
/// becomes healthy, and whatever waits for it waits for ever.
/// </summary>
internal static class ContainerRuntime
{
    /// <summary>
    /// Configuration key (<c>--Containers=off</c>, environment variable <c>Containers</c>): on, off,
    /// or auto, which is to look.
    /// </summary>
    private const string Switch = "Containers";

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private static readonly Lazy<bool> Answers = new(() => Answer("docker") || Answer("podman"));

    public static bool IsWanted(IConfiguration configuration) => configuration[Switch]?.ToLowerInvariant() switch
    {
        "on" => true,
        "off" => false,
        null or "" or "auto" => Answers.Value,
        var other => throw new SetupException($"{Switch} is '{other}'; it must be on, off or auto."),
    };

    /// <summary>Ends a start that would wait for containers for ever.</summary>
    public static void RequireContainerRuntime(this IDistributedApplicationBuilder builder) =>
        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) => builder.ExecutionContext.IsPublishMode || Answers.Value
            ? Task.CompletedTask
            : throw new SetupException(
                "Containers are wanted, but neither 'docker info' nor 'podman info' answers: start Docker or Podman, "
                + $"or leave out {Switch}=on, Kafka:Mode=Container and History:Engine=Postgres."));

    private static bool Answer(string command)
    {
        try
        {
            using var probe = Process.Start(
                new ProcessStartInfo(command, "info") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            probe.OutputDataReceived += static (_, _) => { };
            probe.ErrorDataReceived += static (_, _) => { };
            probe.BeginOutputReadLine();
            probe.BeginErrorReadLine();
            if (probe.WaitForExit(ProbeTimeout))
                return probe.ExitCode == 0;
            probe.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            // There is no such command.
            return false;
        }
    }
}
