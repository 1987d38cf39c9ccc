using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Kubernetes.Publishing;

internal sealed record CustomizationAnnotation(Action<KubernetesResource> Configure) : IResourceAnnotation;
