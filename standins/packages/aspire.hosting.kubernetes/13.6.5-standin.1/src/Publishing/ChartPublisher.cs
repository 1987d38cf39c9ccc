using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kubernetes.Resources;

namespace Aspire.Hosting.Kubernetes.Publishing;

/// <summary>
/// Writes the application as a Helm chart: Chart.yaml, values.yaml, templates/&lt;resource&gt;/&lt;object&gt;.yaml.
/// </summary>
internal sealed class ChartPublisher(
    KubernetesEnvironmentResource environment, DistributedApplicationExecutionContext execution, string output)
{
    /// <summary>By section, then by resource, as in values.yaml.</summary>
    private readonly Dictionary<string, Dictionary<string, object>> _values =
        new() { ["parameters"] = [], ["secrets"] = [], ["config"] = [] };

    /// <exception cref="NotSupportedException">The dashboard is to be published, or something else that is
    /// left out here.</exception>
    public async Task WriteAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        if (environment.DashboardEnabled)
            throw new NotSupportedException(
                "Aspire's dashboard cannot be published here: set DashboardEnabled to false.");

        foreach (var resource in model.GetComputeResources())
            await WriteAsync(resource, cancellationToken);

        await WriteFileAsync("Chart.yaml", ChartYaml.Serialize(new HelmChart
        {
            Name = environment.ChartName,
            Version = environment.ChartVersion,
            AppVersion = environment.ChartVersion,
            Description = environment.ChartDescription,
        }), cancellationToken);
        await WriteFileAsync("values.yaml", ChartYaml.Serialize(_values), cancellationToken);
    }

    private async Task WriteAsync(IResource resource, CancellationToken cancellationToken)
    {
        var variables = await PublishedEnvironment.OfAsync(resource, execution, cancellationToken);
        var arguments = await PublishedEnvironment.ArgumentsOfAsync(resource, execution, cancellationToken);
        var factory = new ObjectFactory(environment, resource, variables, arguments);
        var objects = factory.Create();
        foreach (var customization in resource.Annotations.OfType<CustomizationAnnotation>())
            customization.Configure(objects);

        foreach (var additional in objects.AdditionalResources)
        {
            foreach (var (name, value) in ObjectFactory.Labels(resource))
                additional.Metadata.Labels.TryAdd(name, value);
        }

        IEnumerable<BaseKubernetesResource?> all =
            [objects.Workload, objects.ConfigMap, objects.Service, .. objects.AdditionalResources];
        foreach (var written in all.OfType<BaseKubernetesResource>())
            await WriteFileAsync(
                Path.Combine("templates", resource.Name, FileName(resource, written)),
                "---\n" + ChartYaml.Serialize(written), cancellationToken);

        if (factory.ImageParameter is { } image)
            _values["parameters"][Names.Section(resource)] =
                new Dictionary<string, object> { [image] = $"{resource.Name}:latest" };
        if (variables.Count > 0)
            _values["config"][Names.Section(resource)] =
                variables.ToDictionary(variable => Names.Section(variable.Key), variable => (object)variable.Value);
    }

    private static string FileName(IResource resource, BaseKubernetesResource written)
    {
        var prefix = resource.Name.ToLowerInvariant() + "-";
        var name = written.Metadata.Name;
        return (name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name) + ".yaml";
    }

    private Task WriteFileAsync(string path, string text, CancellationToken cancellationToken)
    {
        var file = Path.Combine(output, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return File.WriteAllTextAsync(file, text, cancellationToken);
    }
}
