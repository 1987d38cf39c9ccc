using System.CommandLine;
using System.CommandLine.Parsing;

namespace EdgeCloud.Cli.Commands;

/// <summary>The options that say where the parts of a running system are.</summary>
internal static class Addresses
{
    public const string IsItUp = "Is the system up (dotnet run --project EdgeCloud.AppHost)?";

    private const string KafkaVariable = "ConnectionStrings__kafka";

    public static Option<Uri> Edge(string name) => Service(name, "Where the edge is", new Uri("http://localhost:9001"));

    public static Option<Uri> Server() => Service("--server", "Where the server is", new Uri("http://localhost:9002"));

    /// <summary>The terminal of the AppHost prints it; the embedded broker listens on another port each time.</summary>
    public static Option<string?> Kafka(string description) =>
        new("--kafka") { Description = description, HelpName = "host:port" };

    /// <summary>
    /// For commands that cannot do without; left out, the environment variable decides by which the
    /// AppHost tells the services.
    /// </summary>
    public static Option<string> RequiredKafka() => new("--kafka")
    {
        Description = $"Where Kafka is, as the running system prints it; {KafkaVariable} when left out",
        HelpName = "host:port",
        DefaultValueFactory = static result =>
        {
            if (Environment.GetEnvironmentVariable(KafkaVariable) is { Length: > 0 } address)
                return address;
            result.AddError(
                $"Say where Kafka is: --kafka host:port, as the running system prints it (or set {KafkaVariable}).");
            return "";
        },
    };

    private static Option<Uri> Service(string name, string description, Uri usual) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => usual,
            CustomParser = result => Parse(result, name, usual),
        };

    private static Uri? Parse(ArgumentResult result, string name, Uri usual)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"))
            return address;
        result.AddError($"{name} is '{text}'; it must be an address such as {usual}.");
        return null;
    }
}
