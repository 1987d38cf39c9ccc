using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>The environment that a resource's process is started with.</summary>
internal sealed class EnvironmentContract(IConfiguration configuration, IHostEnvironment environment, DistributedApplicationExecutionContext context)
{
    /// <summary>They describe this process, not the ones it starts.</summary>
    private static readonly string[] NotInherited = ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE"];

    /// <summary>What this process hands on of its own environment.</summary>
    public static Dictionary<string, string> Inherited()
    {
        var variables = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";

        foreach (var name in NotInherited)
            variables.Remove(name);

        return variables;
    }

    /// <summary>What the resource is told on top of that.</summary>
    public async Task<Dictionary<string, string>> OfAsync(IResource resource, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, object>();
        if (resource is ProjectResource project) AddProjectDefaults(variables, project);
        if (resource is IResourceWithEndpoints owner) AddPorts(variables, owner);

        var callbackContext = new EnvironmentCallbackContext(context, resource, variables, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await annotation.Callback(callbackContext);

        var resolved = new Dictionary<string, string>();
        foreach (var (name, value) in variables)
        {
            if (await TextAsync(value, resource, cancellationToken) is { } text) resolved[name] = text;
        }

        return resolved;
    }

    /// <summary>The arguments that the resource's process is started with.</summary>
    public static async Task<string[]> ArgumentsOfAsync(IResource resource, CancellationToken cancellationToken)
    {
        var arguments = new List<string>();
        foreach (var argument in resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments))
            arguments.Add(await TextAsync(argument, resource, cancellationToken) ?? "");

        return [.. arguments];
    }

    private static async ValueTask<string?> TextAsync(object value, IResource reader, CancellationToken cancellationToken) => value switch
    {
        EndpointReference endpoint when reader is ContainerResource => FromInsideAContainer(endpoint),
        IValueProvider provider => await provider.GetValueAsync(cancellationToken),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>Containers know each other by name on the network of this run, and this machine by the name that Docker and Podman give it.</summary>
    private static string FromInsideAContainer(EndpointReference endpoint) => endpoint.Resource is ContainerResource container
        ? string.Create(CultureInfo.InvariantCulture, $"{endpoint.Scheme}://{container.Name}:{endpoint.TargetPort ?? endpoint.Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{endpoint.Scheme}://host.docker.internal:{endpoint.Port}");

    private void AddProjectDefaults(Dictionary<string, object> variables, ProjectResource project)
    {
        var urls = project.GetEndpoints().Where(endpoint => endpoint.IsHttp || endpoint.IsHttps).Select(endpoint => endpoint.Url).ToArray();
        if (urls.Length > 0) variables["ASPNETCORE_URLS"] = string.Join(';', urls);

        variables["OTEL_SERVICE_NAME"] = project.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4))}";
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 } endpoint) return;

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "grpc";
        if (configuration["OTEL_EXPORTER_OTLP_HEADERS"] is { Length: > 0 } headers) variables["OTEL_EXPORTER_OTLP_HEADERS"] = headers;
        if (!environment.IsDevelopment()) return;

        foreach (var interval in (IEnumerable<string>)["OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL"])
            variables[interval] = "1000";
    }

    private static void AddPorts(Dictionary<string, object> variables, IResourceWithEndpoints resource)
    {
        foreach (var endpoint in resource.GetEndpoints())
        {
            if (endpoint.EndpointAnnotation.PortVariable is { } variable) variables[variable] = endpoint.Property(EndpointProperty.TargetPort);
        }
    }
}
