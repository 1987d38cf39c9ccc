using System.Globalization;

namespace EdgeCloud.Tests.StandIns.Aspire;

/// <summary>What Linux says about the processes of this machine.</summary>
internal static class Processes
{
    /// <summary>A process that has ended but that nobody has asked for its exit code is not alive.</summary>
    public static bool IsAlive(int process) => Status(process) is { } status && status[0] is not ("Z" or "X");

    public static IReadOnlyList<int> ChildrenOf(int parent)
    {
        var wanted = parent.ToString(CultureInfo.InvariantCulture);
        return
        [
            .. Directory.EnumerateDirectories("/proc")
                .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => id != 0 && Status(id) is { } status && status[1] == wanted),
        ];
    }

    /// <summary>The command and its arguments; none for a process that has ended.</summary>
    public static string[] CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
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
