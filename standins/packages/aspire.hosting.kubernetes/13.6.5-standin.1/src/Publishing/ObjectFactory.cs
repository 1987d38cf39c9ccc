using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kubernetes.Resources;

namespace Aspire.Hosting.Kubernetes.Publishing;

/// <summary>The objects that Aspire makes of a resource, before anything is customised.</summary>
internal sealed class ObjectFactory(
    KubernetesEnvironmentResource environment, IResource resource, IReadOnlyDictionary<string, string> variables,
    IReadOnlyList<string> arguments)
{
    private readonly PublishedEndpoint[] _endpoints =
        resource is IResourceWithEndpoints source ? [.. PublishedEndpoint.Of(source)] : [];

    /// <summary>Chosen when the chart is installed; null for an image that the model names itself.</summary>
    public string? ImageParameter { get; } = resource is ProjectResource ? $"{Names.Section(resource)}_image" : null;

    public static Dictionary<string, string> Labels(IResource resource) => new()
    {
        ["app.kubernetes.io/name"] = "{{ .Chart.Name }}",
        ["app.kubernetes.io/component"] = resource.Name,
        ["app.kubernetes.io/instance"] = "{{ .Release.Name }}",
    };

    public KubernetesResource Create() => new(resource.Name)
    {
        Workload = resource is IResourceWithConnectionString ? StatefulSet() : Deployment(),
        ConfigMap = variables.Count > 0 ? ConfigMap() : null,
        Service = _endpoints.Length > 0 ? Service() : null,
    };

    private Deployment Deployment() => new()
    {
        Metadata = { Name = Names.Deployment(resource), Labels = Labels(resource) },
        Spec =
        {
            Selector = new(Labels(resource)),
            Template = PodTemplate(),
            Strategy = { RollingUpdate = { MaxUnavailable = 1, MaxSurge = 1 } },
        },
    };

    private StatefulSet StatefulSet() => new()
    {
        Metadata = { Name = Names.StatefulSet(resource), Labels = Labels(resource) },
        Spec = { Selector = new(Labels(resource)), Replicas = 1, Template = PodTemplate() },
    };

    private PodTemplateSpecV1 PodTemplate()
    {
        var template =
            new PodTemplateSpecV1 { Metadata = { Labels = Labels(resource) }, Spec = { Containers = { Container() } } };
        template.Spec.Volumes.AddRange(
            Mounts().Select(mount => new VolumeV1 { Name = mount.Source!, EmptyDir = new() }));
        return template;
    }

    private ContainerV1 Container()
    {
        var container = new ContainerV1
        {
            Name = resource.Name,
            Image = Image(),
            ImagePullPolicy = environment.DefaultImagePullPolicy,
        };
        if (resource is ContainerResource { Entrypoint: { } entrypoint })
            container.Command.Add(entrypoint);
        container.Args.AddRange(arguments);
        if (variables.Count > 0)
            container.EnvFrom.Add(new() { ConfigMapRef = new() { Name = Names.Config(resource) } });
        container.Ports.AddRange(_endpoints.Select(endpoint =>
            new ContainerPortV1
            {
                Name = endpoint.Name,
                Protocol = endpoint.Protocol,
                ContainerPort = endpoint.TargetPort,
            }));
        container.VolumeMounts.AddRange(
            Mounts().Select(mount => new VolumeMountV1 { Name = mount.Source!, MountPath = mount.Target }));
        return container;
    }

    private string Image() => ImageParameter is not null
        ? Names.Value("parameters", resource, ImageParameter)
        : resource.TryGetContainerImageName(out var image)
            ? image
            : throw new DistributedApplicationException($"'{resource.Name}' has no image.");

    private IEnumerable<ContainerMountAnnotation> Mounts() => resource.Annotations.OfType<ContainerMountAnnotation>();

    private ConfigMap ConfigMap()
    {
        var config = new ConfigMap { Metadata = { Name = Names.Config(resource), Labels = Labels(resource) } };
        foreach (var name in variables.Keys)
            config.Data[name] = Names.Value("config", resource, name);
        return config;
    }

    private Service Service()
    {
        var service = new Service
        {
            Metadata = { Name = Names.Service(resource), Labels = Labels(resource) },
            Spec = { Selector = Labels(resource), Type = environment.DefaultServiceType },
        };
        service.Spec.Ports.AddRange(_endpoints.Select(endpoint =>
            new ServicePortV1
            {
                Name = endpoint.Name,
                Protocol = endpoint.Protocol,
                Port = endpoint.Port,
                TargetPort = endpoint.TargetPort,
            }));
        return service;
    }
}
