using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
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
internal static partial class Checks
{
    private const int MinSdk = 10;
    private const int MinNode = 20;
    private const int MinJava = 17;

    public static async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Version(
            ".NET SDK", await OutputAsync("dotnet", ["--version"], cancellationToken), MinSdk,
            "Install the .NET 10 SDK.");
        yield return Version(
            "Node.js", await OutputAsync("node", ["--version"], cancellationToken), MinNode,
            "Install Node.js 20 or newer (it brings npm).");
        yield return await ContainerRuntimeAsync(cancellationToken);
        yield return await ApacheKafkaAsync(
            Environment.GetEnvironmentVariable("Kafka__Home") ?? Environment.GetEnvironmentVariable("KAFKA_HOME"),
            cancellationToken);
        if (OperatingSystem.IsLinux())
            yield return await NativeLibrariesAsync(cancellationToken);
        yield return ModelFiles();
        yield return await SystemPackagesAsync(
            "For the tests", "EdgeCloud.Tests/EdgeCloud.Tests.csproj", Verdict.Optional, cancellationToken);
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
            enough
                ? ""
                : $"Only for ./edgecloud minikube, which gives its cluster {ClusterSize.DefaultMemoryMegabytes} MB.");
    }

    private static async Task<Finding> ForMinikubeAsync(
        Tool tool, string[] version, CancellationToken cancellationToken) =>
        await OutputAsync(tool.Command, version, cancellationToken) is { } output
            ? new Finding(tool.Command, Verdict.Good, output.Split('\n')[0])
            : new Finding(
                tool.Command, Verdict.Optional, "not found", $"Only for ./edgecloud minikube. {tool.WhenMissing}");

    private static Finding Version(string what, string? output, int minimum, string fix)
    {
        var found = output is not null
            && int.TryParse(output.TrimStart('v').Split('.')[0], out var major) && major >= minimum;
        return new Finding(what, found ? Verdict.Good : Verdict.Missing, output ?? "not found", found ? "" : fix);
    }

    private static async Task<Finding> ContainerRuntimeAsync(CancellationToken cancellationToken)
    {
        foreach (var command in (string[])["docker", "podman"])
        {
            if (await OutputAsync(command, ["info"], cancellationToken) is not null)
                return new Finding("Container runtime", Verdict.Good, $"{command}: Kafka runs as a container");
        }

        return new Finding("Container runtime", Verdict.Good, "none: Kafka runs without containers");
    }

    /// <param name="home">What Kafka__Home or KAFKA_HOME names.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<Finding> ApacheKafkaAsync(string? home, CancellationToken cancellationToken)
    {
        const string What = "Apache Kafka";
        const string OnlyFor = "Only for a local Kafka.";
        if (string.IsNullOrEmpty(home))
            return new Finding(What, Verdict.Good, "none: without containers, Kafka is the embedded broker");
        if (!Directory.Exists(Path.Combine(home, "libs")))
            return new Finding(
                What, Verdict.Optional, $"none in {home}", $"{OnlyFor} Name the folder that holds its libs/.");

        var java = Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } folder
            ? Path.Combine(folder, "bin", "java")
            : "java";
        var (exitCode, said) = await RunAsync(java, ["-version"], cancellationToken);
        var version = said.Split('\n')[0];
        return exitCode == 0 && JavaVersion().Match(version) is { Success: true } match
            && int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) >= MinJava
            ? new Finding(What, Verdict.Good, $"{home}, {version}")
            : new Finding(What, Verdict.Optional, version, $"{OnlyFor} Install Java 17 or newer, or set JAVA_HOME.");
    }

    /// <summary>Asks the script that the build asks, for the same list.</summary>
    private static async Task<Finding> SystemPackagesAsync(
        string what, string project, Verdict whenMissing, CancellationToken cancellationToken)
    {
        var packages = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("SystemPackage")
            .Select(package =>
                (Names: package.Attribute("Include")!.Value, Provides: package.Attribute("Provides")!.Value)).ToArray();
        var (exitCode, output) = await RunAsync(
            "bash", [Path.Combine(Repository.Root, "eng", "system-packages.sh"),
                "--check", .. packages.Select(package => $"{package.Names}={package.Provides}")],
            cancellationToken);
        return exitCode == 0
            ? new Finding(what, Verdict.Good, string.Join(", ", packages.Select(package => package.Provides)))
            : new Finding(what, whenMissing, "incomplete", output);
    }

    /// <summary>
    /// What OpenCV's runtime links against comes with the system; what it misses, a build installs or names.
    /// </summary>
    private static async Task<Finding> NativeLibrariesAsync(CancellationToken cancellationToken)
    {
        const string What = "Native libraries";
        const string Fix = "dotnet build EdgeCloud.Edge";
        var built = new DirectoryInfo(Path.Combine(Repository.Root, "EdgeCloud.Edge", "bin"));
        if (!built.Exists || built.EnumerateFiles("libOpenCvSharpExtern.so", SearchOption.AllDirectories)
            .MaxBy(file => file.LastWriteTimeUtc) is not { } library)
            return new Finding(What, Verdict.Optional, "not built yet", Fix);

        var missing = (await OutputAsync("ldd", [library.FullName], cancellationToken) ?? "").Split('\n')
            .Where(line => line.EndsWith("not found", StringComparison.Ordinal))
            .Select(line => line.Trim().Split(' ')[0]).ToArray();
        return missing.Length == 0
            ? new Finding(What, Verdict.Good, "all that OpenCV loads")
            : new Finding(What, Verdict.Missing, "missing: " + string.Join(", ", missing), Fix);
    }

    private static Finding ModelFiles()
    {
        var models = XDocument.Load(Path.Combine(Repository.Root, "eng", "Models.props")).Descendants("Model")
            .SelectMany(model => model.Attribute("Include")?.Value.Split(';') ?? []).ToArray();
        var missing =
            models.Where(model => !File.Exists(Path.Combine(Repository.Root, "models", model + ".onnx"))).ToArray();
        return missing.Length == 0
            ? new Finding("Models", Verdict.Good, string.Join(", ", models))
            : new Finding(
                "Models", Verdict.Missing, "missing: " + string.Join(", ", missing), "dotnet build EdgeCloud.Edge");
    }

    /// <returns>What the command printed, or null when there is no such command or it failed.</returns>
    private static async Task<string?> OutputAsync(
        string command, string[] arguments, CancellationToken cancellationToken) =>
        await RunAsync(command, arguments, cancellationToken) is (0, var output) ? output : null;

    private static Task<(int ExitCode, string Output)> RunAsync(
        string command, string[] arguments, CancellationToken cancellationToken) =>
        new Tool(command, "").TryAskAsync(arguments, cancellationToken);

    /// <summary>Java 8 still called itself 1.8.</summary>
    [GeneratedRegex("""version "(?:1\.)?(\d+)""")]
    private static partial Regex JavaVersion();
}
