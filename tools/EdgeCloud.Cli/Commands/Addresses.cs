using System.CommandLine;
using System.CommandLine.Parsing;

namespace EdgeCloud.Cli.Commands;

/// <summary>The option --url of every command that talks to the edge.</summary>
internal static class EdgeAddress
{
    private static readonly Uri Default = new("http://localhost:9001");

    public static Option<Uri> Option() => new("--url") { Description = "Where the edge is", DefaultValueFactory = _ => Default, CustomParser = Parse };

    private static Uri? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"))
            return address;
        result.AddError($"--url is '{text}'; it must be an address such as {Default}.");
        return null;
    }
}
