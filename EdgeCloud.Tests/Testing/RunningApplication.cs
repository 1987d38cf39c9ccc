using Aspire.Hosting;

namespace EdgeCloud.Tests.Testing;

internal static class RunningApplication
{
    /// <summary>Far more than a start takes; the notifications alone would wait without end.</summary>
    private static readonly TimeSpan FarTooLong = TimeSpan.FromMinutes(3);

    public static async Task AreHealthyAsync(this DistributedApplication app, params string[] resources)
    {
        using var limit = new CancellationTokenSource(FarTooLong);
        foreach (var resource in resources)
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
    }
}
