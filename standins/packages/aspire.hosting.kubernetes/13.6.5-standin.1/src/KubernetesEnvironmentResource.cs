#pragma warning disable ASPIREPIPELINES001, ASPIREPIPELINES004 // The publishing pipeline is experimental.

using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kubernetes.Publishing;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Kubernetes;

public sealed class KubernetesEnvironmentResource : Resource, IComputeEnvironmentResource
{
    public KubernetesEnvironmentResource(string name) : base(name)
    {
        Annotations.Add(new PipelineStepAnnotation(_ => new PipelineStep
        {
            Name = $"publish-{name}",
            Description = $"Writes the Helm chart of {name}.",
            DependsOnSteps = [WellKnownPipelineSteps.PublishPrereq],
            RequiredBySteps = [WellKnownPipelineSteps.Publish],
            Action = step => new ChartPublisher(
                this, step.ExecutionContext,
                step.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory())
                .WriteAsync(step.Model, step.CancellationToken),
        }));
    }

    /// <summary>Must be false here: there is no dashboard to publish.</summary>
    public bool DashboardEnabled { get; set; } = true;

    public string DefaultImagePullPolicy { get; set; } = "IfNotPresent";

    public string DefaultServiceType { get; set; } = "ClusterIP";

    internal string ChartName { get; set; } = "aspire";

    internal string ChartVersion => "0.1.0";

    internal string ChartDescription { get; set; } = "Aspire Helm Chart";
}
