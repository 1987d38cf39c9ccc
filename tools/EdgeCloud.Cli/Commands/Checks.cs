using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using EdgeCloud.Cli.Deployment;

namespace EdgeCloud.Cli.Commands;

internal enum Verdict
{
    Good,
    Optional,
    Missing,
}

/// <param name="Fix">Empty when nothing needs to be done.</param>
internal sealed record Finding(string What, Verdict Verdict, string Found, string Fix = "");

/// <summary>The checks behind <c>doctor</c>.</summary>
internal static class Checks
{
    private const int MinSdk = 10;
    private const int MinNode = 20;

    public static async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Version(".NET SDK", await OutputAsync("dotnet", ["--version"], cancellationToken), MinSdk, "Install the .NET 10 SDK.");
        yield return Version("Node.js", await OutputAsync("node", ["--version"], cancellationToken), MinNode, "Install Node.js 20 or newer (it brings npm).");
        var standIns = File.Exists(Path.Combine(Repository.Root, ".feed", "standins"));
        yield return Feed(standIns);
        yield return await ContainerRuntimeAsync(cancellationToken);
        if (standIns)
            yield return await SystemPackagesAsync("Native libraries", "standins/SystemPackages.props", Verdict.Missing, cancellationToken);
        yield return ModelFiles();
        yield return await SystemPackagesAsync("For the tests", "EdgeCloud.Tests/EdgeCloud.Tests.csproj", Verdict.Optional, cancellationToken);
        yield return await ForMinikubeAsync(Tool.Minikube, ["version", "--short"], cancellationToken);
        yield return await ForMinikubeAsync(Tool.Kubectl, ["version", "--client"], cancellationToken);
        yield return MemoryForMinikube(Cluster.MachineMemoryMegabytes);
    }

    /// <param name="megabytes">What this machine has.</param>
    internal static Finding MemoryForMinikube(long megabytes)
    {
        var enough = megabytes >= ClusterSize.DefaultMemoryMegabytes;
        return new Finding(
            "Memory", enough ? Verdict.Good : Verdict.Optional, $"{megabytes} MB",
            enough ? "" : $"Only for ./edgecloud minikube, which gives its cluster {ClusterSize.DefaultMemoryMegabytes} MB.");
    }

    private static async Task<Finding> ForMinikubeAsync(Tool tool, string[] version, CancellationToken cancellationToken) =>
        await OutputAsync(tool.Command, version, cancellationToken) is { } output
            ? new Finding(tool.Command, Verdict.Good, output.Split('\n')[0])
            : new Finding(tool.Command, Verdict.Optional, "not found", $"Only for ./edgecloud minikube. {tool.WhenMissing}");

    private static Finding Version(string what, string? output, int minimum, string fix)
    {
        var found = output is not null && int.TryParse(output.TrimStart('v').Split('.')[0], out var major) && major >= minimum;
        return new Finding(what, found ? Verdict.Good : Verdict.Missing, output ?? "not found", found ? "" : fix);
    }

    private static Finding Feed(bool standIns) =>
        standIns ? new Finding("Package feed", Verdict.Good, "lacks some packages: building with standins/")
        : File.Exists(Path.Combine(Repository.Root, ".feed", "real")) ? new Finding("Package feed", Verdict.Good, "has all packages")
        : new Finding("Package feed", Verdict.Optional, "not asked yet", "The first build of EdgeCloud.sln asks it.");

    private static async Task<Finding> ContainerRuntimeAsync(CancellationToken cancellationToken)
    {
        foreach (var command in (string[])["docker", "podman"])
        {
            if (await OutputAsync(command, ["info"], cancellationToken) is not null)
                return new Finding("Container runtime", Verdict.Good, $"{command}: Kafka runs as a container");
        }

        return new Finding("Container runtime", Verdict.Good, "none: Kafka is the embedded broker");
    }

    /// <summary>Asks the script that the build asks, for the same list.</summary>
    private static async Task<Finding> SystemPackagesAsync(string what, string project, Verdict whenMissing, CancellationToken cancellationToken)
    {
        var packages = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("SystemPackage")
            .Select(package => (Names: package.Attribute("Include")!.Value, Provides: package.Attribute("Provides")!.Value)).ToArray();
        var (exitCode, output) = await RunAsync(
            "bash", [Path.Combine(Repository.Root, "eng", "system-packages.sh"), "--check", .. packages.Select(package => $"{package.Names}={package.Provides}")], cancellationToken);
        return exitCode == 0
            ? new Finding(what, Verdict.Good, string.Join(", ", packages.Select(package => package.Provides)))
            : new Finding(what, whenMissing, "incomplete", output);
    }

    private static Finding ModelFiles()
    {
        var models = XDocument.Load(Path.Combine(Repository.Root, "eng", "Models.props")).Descendants("Model")
            .SelectMany(model => model.Attribute("Include")?.Value.Split(';') ?? []).ToArray();
        var missing = models.Where(model => !File.Exists(Path.Combine(Repository.Root, "models", model + ".onnx"))).ToArray();
        return missing.Length == 0
            ? new Finding("Models", Verdict.Good, string.Join(", ", models))
            : new Finding("Models", Verdict.Missing, "missing: " + string.Join(", ", missing), "dotnet build EdgeCloud.Edge");
    }

    /// <returns>What the command printed, or null when there is no such command or it failed.</returns>
    private static async Task<string?> OutputAsync(string command, string[] arguments, CancellationToken cancellationToken) =>
        await RunAsync(command, arguments, cancellationToken) is (0, var output) ? output : null;

    private static async Task<(int ExitCode, string Output)> RunAsync(string command, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await error;
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, output.Trim());
        }
        catch (Win32Exception)
        {
            return (-1, $"There is no command {command}.");
        }
    }
}
