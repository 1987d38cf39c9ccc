using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace EdgeCloud.AppHost.Brokers;

/// <summary>An Apache Kafka as it is downloaded, 3.5 or newer, and the Java that runs it.</summary>
/// <param name="Home">The folder that holds <c>libs/</c>.</param>
/// <param name="Java">The program.</param>
internal sealed partial record ApacheKafka(string Home, string Java)
{
    private const string Key = "Kafka:Home";
    private const string Variable = "KAFKA_HOME";

    /// <summary>Kafka 4 asks for it.</summary>
    private const int MinJava = 17;

    public static bool IsConfigured(IConfiguration configuration) => Named(configuration) is not null;

    /// <summary>The one that <c>Kafka:Home</c> names, or KAFKA_HOME.</summary>
    /// <exception cref="SetupException">Neither names one, there is none, or no Java that runs it.</exception>
    public static ApacheKafka Find(IConfiguration configuration)
    {
        if (Named(configuration) is not { } named)
        {
            throw new SetupException(
                $"Kafka:Mode is Local, but nothing says where Apache Kafka is: set {Key} or {Variable} to its folder.");
        }

        return At(named.Folder, named.By);
    }

    /// <param name="folder">The folder that holds <c>libs/</c>.</param>
    /// <param name="namedBy">The setting that names it, for the message.</param>
    /// <exception cref="SetupException">There is no Kafka, or no Java that runs it.</exception>
    public static ApacheKafka At(string folder, string namedBy)
    {
        var home = Path.GetFullPath(folder);
        if (!Directory.Exists(home))
            throw new SetupException($"{namedBy} names {home}, which is not a folder: name that of an Apache Kafka.");
        if (!Directory.Exists(Path.Combine(home, "libs"))
            || !Directory.EnumerateFiles(Path.Combine(home, "libs"), "kafka_*.jar").Any())
        {
            throw new SetupException(
                $"{namedBy} names {home}, which is not an Apache Kafka: it has no libs/kafka_*.jar. "
                + "Name the folder that a download unpacks to.");
        }

        return new ApacheKafka(home, FindJava());
    }

    /// <param name="mainClass">What to run.</param>
    /// <param name="options">Of the Java machine.</param>
    /// <returns>The arguments for <see cref="Java"/>, before those of the class.</returns>
    public string[] Arguments(string mainClass, params ReadOnlySpan<string> options) =>
        [.. options, "-cp", Path.Combine(Home, "libs", "*"), mainClass];

    private static (string Folder, string By)? Named(IConfiguration configuration) =>
        configuration[Key] is { Length: > 0 } home ? (home, Key)
        : configuration[Variable] is { Length: > 0 } folder ? (folder, Variable)
        : null;

    /// <summary>That of JAVA_HOME, else the one on PATH.</summary>
    private static string FindJava()
    {
        var java = Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home
            ? Path.Combine(home, "bin", OperatingSystem.IsWindows() ? "java.exe" : "java")
            : "java";
        var said = VersionOf(java)
            ?? throw new SetupException($"Apache Kafka needs Java {MinJava} or newer, and '{java}' does not run: "
                + "install one, or set JAVA_HOME.");
        var major = Major(said);
        return major >= MinJava
            ? java
            : throw new SetupException(string.Create(
                CultureInfo.InvariantCulture,
                $"Apache Kafka needs Java {MinJava} or newer, and '{java}' is Java {major}: "
                + $"install a newer one, or set JAVA_HOME."));
    }

    /// <returns>What it prints of its version; null when it does not run.</returns>
    private static string? VersionOf(string java)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(java, "-version")
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            var text = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return null;
        }
    }

    /// <summary>Of "17.0.15", and of "1.8.0_452" as Java 8 still said it; 0 of anything else.</summary>
    internal static int Major(string said) =>
        VersionNumber().Match(said) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex("""version "(?:1\.)?(\d+)""")]
    private static partial Regex VersionNumber();
}
