using System.Data.Common;

namespace EdgeCloud.Server.Store;

/// <summary>Opens the store before the server serves; one that is away is opened by whoever needs it next.</summary>
internal sealed class StoreOpening(EventStore store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            store.Open();
        }
        catch (DbException)
        {
            // The store has said so.
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
