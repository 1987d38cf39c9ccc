using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace EdgeCloud.AppHost;

/// <summary>Phones of the local network as cameras of the edge.</summary>
internal static class Phones
{
    /// <summary>Configuration key (<c>--Phone=on</c>, environment variable <c>Phone</c>): on or off.</summary>
    private const string Switch = "Phone";

    private const string PortKey = "Edge:Phone:Port";
    private const int UsualPort = 9443;

    public static bool AreWanted(IConfiguration configuration) => configuration[Switch]?.ToLowerInvariant() switch
    {
        "on" => true,
        null or "" or "off" => false,
        var other => throw new SetupException($"{Switch} is '{other}'; it must be on or off."),
    };

    /// <summary>Has the edge listen for phones, where that is wanted; off, it does when it is asked to.</summary>
    /// <exception cref="SetupException">The setting is invalid, or the port is taken.</exception>
    public static IResourceBuilder<ProjectResource> WithPhones(this IResourceBuilder<ProjectResource> edge)
    {
        var builder = edge.ApplicationBuilder;
        var areWanted = AreWanted(builder.Configuration);
        if (builder.ExecutionContext.IsPublishMode)
        {
            return areWanted
                ? throw new SetupException($"{Switch}=on is for a system on this machine; leave it out to publish.")
                : edge;
        }

        var port = Ports.AreRandom(builder.Configuration)
            ? 0
            : builder.Configuration.GetValue<int?>(PortKey) ?? UsualPort;
        edge.WithEnvironment(
            PortKey.Replace(":", "__", StringComparison.Ordinal), port.ToString(CultureInfo.InvariantCulture));
        if (!areWanted)
            return edge;
        builder.RequireFree(port, "the edge, for phones,");
        return edge.WithEnvironment("Edge__Phone__Enabled", "true");
    }

    /// <summary>What a person needs to pair a phone; none when the edge does not say.</summary>
    public static async Task<string> InvitationAsync(string edge, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"{edge}/phone"), cancellationToken);
        if (!answer.IsSuccessStatusCode)
            return $"  Phones cannot connect: {await answer.Content.ReadAsStringAsync(cancellationToken)}\n";
        var status = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var code = status.GetProperty("code").GetString()!;
        return $"""

              Scan this with a phone in the same network, and go on past the browser's warning:

            {(Console.IsOutputRedirected ? code : WhiteOnBlack(code))}

              It leads to {status.GetProperty("addresses")[0]}, where certificates are signed by the authority
              {status.GetProperty("authority_fingerprint")}

            """;
    }

    /// <summary>By number, since a terminal's theme may have other colours under these names.</summary>
    private static string WhiteOnBlack(string code) => string.Join(
        Environment.NewLine, code.Split('\n').Select(static line => $"\e[38;5;231;48;5;16m{line}\e[0m"));
}
