using System.Net.NetworkInformation;
using Microsoft.Extensions.Configuration;

namespace EdgeCloud.AppHost;

/// <summary>The ports that stay the same from run to run, of which another process may have one.</summary>
internal static class Ports
{
    private static readonly (string Key, string What)[] OfTheDashboard =
    [
        ("ASPNETCORE_URLS", "the dashboard"),
        ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "the dashboard, for telemetry"),
        ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "the dashboard, for resources"),
    ];

    /// <returns>
    /// One that nobody has at this moment, and none that the system gives to a connection meanwhile, as those from
    /// 32768 on: a broker takes seconds until it listens.
    /// </returns>
    public static int FindFree()
    {
        int port;
        do
            port = Random.Shared.Next(20_000, 30_000);
        while (!IsFree(port));
        return port;
    }

    public static bool IsFree(int port) => IPGlobalProperties.GetIPGlobalProperties()
        .GetActiveTcpListeners().All(listener => listener.Port != port);

    /// <returns>The port that everybody knows, or none in particular while another process has it.</returns>
    public static int? UnlessTaken(this IDistributedApplicationBuilder builder, int port) =>
        builder.ExecutionContext.IsRunMode && IsFree(port) ? port : null;

    /// <summary>Tests ask for ports of their own, so that many systems run at once.</summary>
    public static bool AreRandom(IConfiguration configuration) =>
        configuration.GetValue<bool>("DcpPublisher:RandomizePorts");

    /// <exception cref="SetupException">Another process has it.</exception>
    public static void RequireFree(this IDistributedApplicationBuilder builder, int port, string what)
    {
        if (builder.ExecutionContext.IsRunMode && !AreRandom(builder.Configuration) && !IsFree(port))
        {
            throw new SetupException(
                $"Port {port}, where {what} listens, is in use by another process, an earlier start perhaps: "
                + $"'ss -ltnp | grep {port}' names it; stop it and start again.");
        }
    }

    /// <exception cref="SetupException">Another process has one of them.</exception>
    public static void RequireDashboardPorts(this IDistributedApplicationBuilder builder)
    {
        foreach (var (key, what) in OfTheDashboard)
        {
            if (Uri.TryCreate(builder.Configuration[key]?.Split(';')[0], UriKind.Absolute, out var address)
                && address.Port != 0)
                builder.RequireFree(address.Port, what);
        }
    }
}
