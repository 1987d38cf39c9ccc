using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Publishing;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting;

public static class KubernetesEnvironmentExtensions
{
    public static IResourceBuilder<KubernetesEnvironmentResource> AddKubernetesEnvironment(this IDistributedApplicationBuilder builder, string name)
    {
        var environment = new KubernetesEnvironmentResource(name) { ChartName = ToChartName(builder.Environment.ApplicationName) };

        // While running, the environment is no resource of the application.
        if (builder.ExecutionContext.IsRunMode)
            return builder.CreateResourceBuilder(environment);

        return builder.AddResource(environment)
            .WithAnnotation(new PublishingEnvironmentAnnotation((model, context, output, cancellationToken) =>
                new ChartPublisher(environment, context, output).WriteAsync(model, cancellationToken)));
    }

    public static IResourceBuilder<KubernetesEnvironmentResource> WithHelm(
        this IResourceBuilder<KubernetesEnvironmentResource> builder, Action<HelmChartOptions>? configure = null)
    {
        configure?.Invoke(new HelmChartOptions(builder.Resource));
        return builder;
    }

    public static IResourceBuilder<KubernetesEnvironmentResource> WithProperties(
        this IResourceBuilder<KubernetesEnvironmentResource> builder, Action<KubernetesEnvironmentResource> configure)
    {
        configure(builder.Resource);
        return builder;
    }

    private static string ToChartName(string application) => application.ToLowerInvariant().Replace('_', '-').Replace('.', '-');
}
