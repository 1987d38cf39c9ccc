using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// A program that a test has started, which is killed with all that it has started when the test is done.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>Far more than any command takes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, written) => Add(Output, written.Data);
        _process.ErrorDataReceived += (_, written) => Add(Error, written.Data);
        KeepOpenFiles();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        static void Add(ConcurrentQueue<string> lines, string? line)
        {
            if (line is not null)
                lines.Enqueue(line);
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to standard output so far, line by line.</summary>
    public ConcurrentQueue<string> Output { get; } = [];

    public ConcurrentQueue<string> Error { get; } = [];

    public long ResidentBytes => Refreshed().WorkingSet64;

    /// <summary>The most memory that was ever resident.</summary>
    public long PeakBytes => Refreshed().PeakWorkingSet64;

    /// <summary>
    /// Hands no open file or connection on. The embedded broker's, which librdkafka opens without saying so, would stay
    /// open with the child when the broker closes them, and its clients not notice that it is gone.
    /// </summary>
    public static void KeepOpenFiles()
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var name in Directory.GetFiles("/proc/self/fd").Select(Path.GetFileName))
        {
            if (int.TryParse(name, CultureInfo.InvariantCulture, out var file) && file > 2)
                _ = SetFileFlags(file, SetFlags, CloseOnExec);
        }
    }

    private const int SetFlags = 2;
    private const int CloseOnExec = 1;

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int SetFileFlags(int file, int command, int flags);

    /// <summary>The command line of a program of this repository.</summary>
    public static string[] Dotnet(string assembly, params IEnumerable<string> arguments) =>
        ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"), .. arguments];

    /// <summary>
    /// The same as from a terminal, so that it can be interrupted: what a shell starts in the background ignores
    /// SIGINT, and so does all that it starts. Found whatever its PATH is.
    /// </summary>
    public static string[] FromTerminal(string assembly, params IEnumerable<string> arguments) =>
        ["env", "--default-signal=INT", Environment.ProcessPath!, .. Dotnet(assembly, arguments).Skip(1)];

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">What is different in its environment; null leaves a variable out.</param>
    /// <param name="folder">Where it is started, if not here.</param>
    public static ChildProcess Start(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return new ChildProcess(start);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Finished> RunAsync(
        IReadOnlyList<string> command, string input = "", IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var process = Start(command, environment);
        await process._process.StandardInput.WriteAsync(input);
        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    /// <summary>Runs a command that must end with 0.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static async Task<string> SucceedAsync(IReadOnlyList<string> command, string input = "")
    {
        var finished = await RunAsync(command, input);
        Assert.True(finished.ExitCode == 0, $"{command[0]} ended with {finished.ExitCode}: {finished.Text}");
        return finished.Output;
    }

    /// <returns>The first line on standard output that has the text in it; fails if it ends without.</returns>
    public async Task<string> LineAsync(string text)
    {
        await Eventually.HoldsAsync(() => Line() is not null || HasExited, $"'{text}' is written");
        if (HasExited)
            await EndAsync();
        return Line() ?? throw new InvalidOperationException($"It ended without '{text}': {Text(Output)}{Text(Error)}");

        string? Line() => Output.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
    }

    public Task SignalAsync(string signal) => SucceedAsync(["kill", "-s", signal, $"{Id}"]);

    /// <summary>Returns when it has ended and all that it wrote has been read.</summary>
    public async Task<Finished> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It has not ended in {Limit}: {Text(Output)}{Text(Error)}");
        }

        return new Finished(_process.ExitCode, Text(Output), Text(Error));
    }

    /// <summary>SIGKILL: nothing is flushed, closed or committed.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{line}\n"));

    private Process Refreshed()
    {
        _process.Refresh();
        return _process;
    }
}

/// <param name="ExitCode">0 is success.</param>
/// <param name="Output">What was written to standard output.</param>
/// <param name="Error">What was written to standard error.</param>
internal sealed record Finished(int ExitCode, string Output, string Error)
{
    public string Text => Output + Error;
}
