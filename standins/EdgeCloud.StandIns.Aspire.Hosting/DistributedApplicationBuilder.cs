using System.Reflection;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private static readonly Dictionary<string, string> SwitchMappings = new()
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--output-path"] = "Pipeline:OutputPath",
        ["--step"] = "Pipeline:Step",
    };

    private readonly HostApplicationBuilder _host;
    private readonly EntryPointInterception? _interception = EntryPointInterception.Current;

    public DistributedApplicationBuilder(DistributedApplicationOptions options, HostApplicationBuilderSettings? settings = null)
    {
        settings ??= new();
        _interception?.Constructing(options, settings);

        AppHostAssembly = options.Assembly;
        settings.ContentRootPath ??= ProjectDirectory(AppHostAssembly);
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        _host = new HostApplicationBuilder(settings);
        Configuration.AddCommandLine(options.Args ?? [], SwitchMappings);

        var publish = "publish".Equals(Configuration["AppHost:Operation"], StringComparison.OrdinalIgnoreCase)
            || Configuration["Publishing:Publisher"] is not null;
        ExecutionContext = new(publish ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);

        Services.AddSingleton(options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(Resources);
        Services.AddSingleton<DistributedApplicationModel>();
        Services.AddSingleton(services => new ResourceNotificationService(services.GetRequiredService<DistributedApplicationModel>()));
        Services.AddSingleton<ResourceOutput>();
        Services.AddSingleton<EnvironmentContract>();
        Services.AddSingleton<ContainerRuntimeCli>();
        Services.AddSingleton<ResourceLauncher>();
        Services.AddHealthChecks();
        // Ahead of what the application registers, so that endpoints have addresses when its own services start.
        Services.AddHostedService<HealthMonitor>();
        Services.AddHostedService<ResourceOrchestrator>();
        Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        // A service that is still starting fails its checks many times a second; HealthMonitor reports the changes.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory => _host.Environment.ContentRootPath.TrimEnd(Path.DirectorySeparatorChar);

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.TryGetByName(resource.Name, out _))
            throw new DistributedApplicationException($"Cannot add the resource '{resource.Name}': a resource of that name already exists.");

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _interception?.Building(this);
        var application = new DistributedApplication(_host.Build(), _interception);
        _interception?.Built(application);
        return application;
    }

    internal static string? ProjectDirectory(Assembly? assembly) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => string.Equals(metadata.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase))
        is { Value: { } path } && Directory.Exists(path) ? path : null;
}
