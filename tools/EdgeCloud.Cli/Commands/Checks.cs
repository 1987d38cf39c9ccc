using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

    private static readonly string[] Models = ["face_detection_short_range.onnx", "face_detection_full_range_sparse.onnx"];

    /// <summary>What standins/ loads, and the Debian package that has it.</summary>
    private static readonly (string Library, string Package)[] NativeLibraries =
    [
        ("librdkafka.so.1", "librdkafka1"),
        ("libturbojpeg.so.0", "libturbojpeg0"),
        ("libopencv_core.so.406", "libopencv-core406"),
        ("libopencv_imgproc.so.406", "libopencv-imgproc406"),
    ];

    private static readonly string[] TestPrograms = ["chromium", "ffmpeg", "kcat"];

    public static async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Version(".NET SDK", await OutputAsync("dotnet", "--version", cancellationToken), MinSdk, "Install the .NET 10 SDK.");
        yield return Version("Node.js", await OutputAsync("node", "--version", cancellationToken), MinNode, "Install Node.js 20 or newer (it brings npm).");
        var standIns = File.Exists(Path.Combine(Repository.Root, ".feed", "standins"));
        yield return Feed(standIns);
        yield return await ContainerRuntimeAsync(cancellationToken);
        if (standIns)
            yield return Libraries();
        yield return ModelFiles();
        yield return Programs();
    }

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
            if (await OutputAsync(command, "info", cancellationToken) is not null)
                return new Finding("Container runtime", Verdict.Good, $"{command}: Kafka runs as a container");
        }

        return new Finding("Container runtime", Verdict.Good, "none: Kafka is the embedded broker");
    }

    private static Finding Libraries()
    {
        var missing = NativeLibraries.Where(native => !NativeLibrary.TryLoad(native.Library, out _)).ToArray();
        return missing.Length == 0
            ? new Finding("Native libraries", Verdict.Good, string.Join(", ", NativeLibraries.Select(native => native.Library)))
            : new Finding("Native libraries", Verdict.Missing, "missing: " + string.Join(", ", missing.Select(native => native.Library)),
                "sudo apt-get install -y " + string.Join(' ', missing.Select(native => native.Package)));
    }

    private static Finding ModelFiles()
    {
        var missing = Models.Where(model => !File.Exists(Path.Combine(Repository.Root, "models", model))).ToArray();
        return missing.Length == 0
            ? new Finding("Models", Verdict.Good, string.Join(", ", Models))
            : new Finding("Models", Verdict.Missing, "missing: " + string.Join(", ", missing), "dotnet build EdgeCloud.Edge");
    }

    private static Finding Programs()
    {
        var missing = TestPrograms.Where(program => !IsOnPath(program)).ToArray();
        return missing.Length == 0
            ? new Finding("For the tests", Verdict.Good, string.Join(", ", TestPrograms))
            : new Finding("For the tests", Verdict.Optional, "missing: " + string.Join(", ", missing), "sudo apt-get install -y " + string.Join(' ', missing));
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <returns>What the command printed, or null when there is no such command or it failed.</returns>
    private static async Task<string?> OutputAsync(string command, string argument, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, argument) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await error;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
