using System.Collections.Concurrent;

namespace Aspire.Hosting.Running;

/// <summary>Where resources are heard: the console, prefixed by their names, or the host's loggers.</summary>
internal sealed class ResourceOutput(
    DistributedApplicationModel model, DistributedApplicationOptions options, ILoggerFactory loggers, IHostEnvironment environment)
{
    /// <summary>Tells lines about a resource from lines of it.</summary>
    public const string OwnMark = "──";

    private static readonly string[] Colours = ["36", "35", "33", "32", "34", "96", "95", "93"];
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    public ResourceLog For(IResource resource) => _logs.GetOrAdd(resource.Name, _ => options.EnableResourceLogging ? ToLogger(resource) : ToConsole(resource));

    private ResourceLog ToLogger(IResource resource)
    {
        var logger = loggers.CreateLogger($"{environment.ApplicationName}.Resources.{resource.Name}");
        return new((level, line) => logger.Log(level, "{Line}", line));
    }

    private ResourceLog ToConsole(IResource resource)
    {
        var prefix = resource.Name.PadRight(model.Resources.Max(other => other.Name.Length)) + " | ";
        if (!Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "")
            prefix = $"\e[{Colours[model.Resources.IndexOf(resource) % Colours.Length]}m{prefix}\e[0m";

        return new((_, line) => Console.Out.WriteLine(prefix + line));
    }
}
