using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.StandIns.Aspire;

/// <summary>An application of shell scripts, what its resources say, and a limit on waiting for it.</summary>
internal sealed class SampleApplication : IAsyncDisposable, ILoggerProvider
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1));
    private readonly ConcurrentQueue<(string Resource, string Line)> _said = [];
    private readonly SemaphoreSlim _more = new(0);
    private DistributedApplication? _application;

    public SampleApplication(params string[] args)
    {
        Builder = DistributedApplicationTestingBuilder.Create(args);
        Builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(this));
    }

    public IDistributedApplicationTestingBuilder Builder { get; }

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("Not started.");

    public ResourceNotificationService Resources => Application.ResourceNotifications;

    public CancellationToken Limit => _limit.Token;

    public IResourceBuilder<ExecutableResource> AddScript(string name, string script) => Builder.AddExecutable(name, "sh", "/tmp", "-c", script);

    public async Task StartAsync()
    {
        _application = await Builder.BuildAsync(Limit);
        await _application.StartAsync(Limit);
    }

    public IReadOnlyList<string> SaidBy(string resource) => [.. _said.Where(line => line.Resource == resource).Select(line => line.Line)];

    /// <summary>The resources in the order in which they said the line.</summary>
    public IReadOnlyList<string> WhoSaid(string line) => [.. _said.Where(said => said.Line == line).Select(said => said.Resource)];

    public async Task<string> LineOfAsync(string resource, Func<string, bool> isWanted)
    {
        while (true)
        {
            if (SaidBy(resource).FirstOrDefault(isWanted) is { } line) return line;
            await _more.WaitAsync(Limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null) await _application.DisposeAsync();
        await Builder.DisposeAsync();
        _limit.Dispose();
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new ResourceLogger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    void IDisposable.Dispose()
    {
    }

    private sealed class ResourceLogger(SampleApplication owner, string resource) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            owner._said.Enqueue((resource, formatter(state, exception)));
            owner._more.Release();
        }
    }
}
