using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

internal static class Executables
{
    /// <summary>The dotnet that runs this process: services must not land on another one that PATH happens to name.</summary>
    public static string Dotnet
    {
        get
        {
            var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
            return File.Exists(beside) ? beside : name;
        }
    }

    /// <summary>The file that a command means, as the shell would find it; null when there is none.</summary>
    public static string? Find(string command, string? workingDirectory = null)
    {
        if (command.Contains(Path.DirectorySeparatorChar))
            return Path.GetFullPath(command, workingDirectory ?? Environment.CurrentDirectory) is var path && File.Exists(path) ? path : null;

        string[] endings = OperatingSystem.IsWindows() ? ["", .. (Environment.GetEnvironmentVariable("PATHEXT") ?? ".exe").Split(';')] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(directory => endings.Select(ending => Path.Combine(directory, command + ending)))
            .FirstOrDefault(File.Exists);
    }
}
