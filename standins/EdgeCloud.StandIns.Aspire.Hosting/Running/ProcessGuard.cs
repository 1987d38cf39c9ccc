using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Running;

/// <summary>
/// Starts processes so that they cannot outlive this one and so that a Ctrl+C at the terminal reaches only this one:
/// on Linux each gets a session of its own and a parent-death signal. Elsewhere a killed AppHost leaves its children behind.
/// </summary>
internal static partial class ProcessGuard
{
    // The signal is set before the shell looks who its parent is, so a parent that died in between is noticed.
    // Both outputs through one pipe: only so does the error stay behind the lines that were written before it.
    private const string StartUnlessOrphaned = """[ "$PPID" = "$1" ] || exit 1; shift; exec "$@" 2>&1""";

    private static readonly string? Setsid = OperatingSystem.IsLinux() ? Executables.Find("setsid") : null;
    private static readonly string? Setpriv = OperatingSystem.IsLinux() ? Executables.Find("setpriv") : null;
    private static readonly BlockingCollection<Action> Starts = [];

    // The death signal comes when the thread that forked ends, not when the process does: one thread that never ends forks them all.
    private static readonly Lazy<Thread> Starter = new(() =>
    {
        var thread = new Thread(() =>
        {
            foreach (var start in Starts.GetConsumingEnumerable())
                start();
        })
        {
            IsBackground = true,
            Name = "Resource starter",
        };
        thread.Start();
        return thread;
    });

    private static bool IsGuarding => Setsid is not null && Setpriv is not null;

    public static Task<Process> StartAsync(LaunchPlan plan)
    {
        var info = Describe(plan);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        _ = Starter.Value;
        return started.Task;
    }

    public static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows()) process.Kill(entireProcessTree: true);
        else Signal(process.Id, SIGTERM);
    }

    public static void Kill(Process process)
    {
        if (IsGuarding) Signal(process.Id, SIGKILL);
        else process.Kill(entireProcessTree: true);
    }

    /// <summary>Ends what an ended process has left behind in its session.</summary>
    public static void KillLeftovers(int processId)
    {
        if (IsGuarding) _ = SendSignal(-processId, SIGKILL);
    }

    private static ProcessStartInfo Describe(LaunchPlan plan)
    {
        var info = new ProcessStartInfo
        {
            WorkingDirectory = plan.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in plan.Environment)
            info.Environment[name] = value;

        string[] command = [plan.Command, .. plan.Arguments];
        if (IsGuarding)
        {
            var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            command = [.. NamesThatAShellLoses(plan), .. command];
            command = [Setsid!, Setpriv!, "--pdeathsig", plan.SignalOnParentDeath, "/bin/sh", "-c", StartUnlessOrphaned, "sh", own, .. command];
        }

        info.FileName = command[0];
        foreach (var argument in command.AsSpan(1))
            info.ArgumentList.Add(argument);

        return info;
    }

    /// <summary>A shell hands on only variables whose names it could assign to, and services__edge-1__http__0 is none.</summary>
    private static IEnumerable<string> NamesThatAShellLoses(LaunchPlan plan)
    {
        string[] lost = [.. plan.Environment.Where(variable => !ShellName().IsMatch(variable.Key)).Select(variable => $"{variable.Key}={variable.Value}")];
        return lost.Length == 0 ? [] : ["/usr/bin/env", .. lost];
    }

    private static void Signal(int processId, int signal)
    {
        // A process that has only just been started does not lead its session yet.
        if (!IsGuarding || SendSignal(-processId, signal) != 0) _ = SendSignal(processId, signal);
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex ShellName();

    private const int SIGKILL = 9;
    private const int SIGTERM = 15;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);
}
