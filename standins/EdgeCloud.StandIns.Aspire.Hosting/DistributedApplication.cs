using Aspire.Hosting.Publishing;

namespace Aspire.Hosting;

public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly EntryPointInterception? _interception;
    private readonly CancellationTokenSource _disposed = new();
    private int _disposing;

    internal DistributedApplication(IHost host, EntryPointInterception? interception)
    {
        _host = host;
        _interception = interception;
    }

    public DistributedApplication(IHost host) : this(host, interception: null)
    {
    }

    public IServiceProvider Services => _host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    private IHostApplicationLifetime Lifetime => Services.GetRequiredService<IHostApplicationLifetime>();

    private bool IsPublishing => Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode;

    /// <summary>The program itself runs what a test has taken over: it only waits until the test is done.</summary>
    private bool CalledByInterceptedProgram => _interception is not null && _interception == EntryPointInterception.Current;

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (CalledByInterceptedProgram)
        {
            await WaitForTheTestAsync(cancellationToken);
            return;
        }

        var stopping = Lifetime.ApplicationStopping;
        try
        {
            if (IsPublishing)
            {
                await BeforeStartAsync(cancellationToken);
                await PublishPipeline.RunAsync(Services, cancellationToken);
                return;
            }

            await StartAsync(cancellationToken);
            await _host.WaitForShutdownAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ctrl+C while starting: what was started is stopped by the disposal below.
        }
        finally
        {
            await DisposeAsync();
        }
    }

    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (CalledByInterceptedProgram)
        {
            await WaitForTheTestAsync(cancellationToken);
            return;
        }

        if (IsPublishing)
            throw new NotSupportedException("An application whose operation is publish cannot be started here, only run.");

        await BeforeStartAsync(cancellationToken);
        await _host.StartAsync(cancellationToken);
        Services.GetRequiredService<ILogger<DistributedApplication>>().LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (CalledByInterceptedProgram || Interlocked.Exchange(ref _disposing, 1) != 0) return;

        GC.SuppressFinalize(this);
        try
        {
            if (Lifetime.ApplicationStarted.IsCancellationRequested && !Lifetime.ApplicationStopped.IsCancellationRequested)
                await _host.StopAsync();
        }
        finally
        {
            if (_host is IAsyncDisposable host) await host.DisposeAsync();
            else _host.Dispose();

            await _disposed.CancelAsync();
            if (_interception is not null) await _interception.ProgramEnded;
        }
    }

    private Task BeforeStartAsync(CancellationToken cancellationToken)
    {
        var model = Services.GetRequiredService<DistributedApplicationModel>();
        return Services.GetRequiredService<IDistributedApplicationEventing>().PublishAsync(new BeforeStartEvent(Services, model), cancellationToken);
    }

    private async Task WaitForTheTestAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token, cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
