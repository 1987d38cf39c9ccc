using System.Globalization;

namespace EdgeCloud.Tests.Testing;

/// <summary>What Linux says about the processes of this machine.</summary>
internal static class Processes
{
    /// <summary>A process that has ended but that nobody has asked for its exit code is not alive.</summary>
    public static bool IsAlive(int process) => Status(process) is { } status && status[0] is not ("Z" or "X");

    public static IReadOnlyList<int> ChildrenOf(int parent)
    {
        var wanted = parent.ToString(CultureInfo.InvariantCulture);
        return [.. All().Where(id => Status(id) is { } status && status[1] == wanted)];
    }

    /// <summary>
    /// The processes that were started with this environment variable, or by one that was, whoever their parent is by
    /// now. One that has ended has no environment, also while nobody has asked for its exit code.
    /// </summary>
    public static IReadOnlyList<int> WithVariable(string name, string value) =>
        [.. All().Where(id => Strings(id, "environ").Contains($"{name}={value}"))];

    /// <summary>The command and its arguments; none for a process that has ended.</summary>
    public static string[] CommandLine(int process) => Strings(process, "cmdline");

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id != 0);

    private static string[] Strings(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The fields behind the command's name: state, parent, …</summary>
    private static string[]? Status(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
