using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace EdgeCloud.Tests.Testing;

internal static class RunningApplication
{
    /// <summary>Far more than a start takes; the notifications alone would wait without end.</summary>
    private static readonly TimeSpan FarTooLong = TimeSpan.FromMinutes(3);

    /// <summary>Has edge and server keep what they keep in a folder of the test.</summary>
    public static void KeepFilesIn(this IDistributedApplicationTestingBuilder builder, TemporaryFolder folder)
    {
        // They are started by another than ChildProcess.
        ChildProcess.KeepOpenFiles();
        Set("edge", "Edge__Events__OutboxPath", folder.File("outbox.db"));
        Set("edge", "Edge__Zones__Path", folder.File("zones.json"));
        Set("edge", "Edge__Phone__Folder", folder.File("phone"));
        Set("server", "ConnectionStrings__history", $"Data Source={folder.File("history.db")}");

        void Set(string service, string variable, string value) => builder.CreateResourceBuilder(
            builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == service))
            .WithEnvironment(variable, value);
    }

    public static async Task AreHealthyAsync(this DistributedApplication app, params string[] resources)
    {
        using var limit = new CancellationTokenSource(FarTooLong);
        foreach (var resource in resources)
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
    }
}
