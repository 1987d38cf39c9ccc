namespace Aspire.Hosting.ApplicationModel;

/// <summary>Strings, and values that are only known when the resource starts.</summary>
internal sealed record ArgumentsAnnotation(IReadOnlyList<object> Arguments) : IResourceAnnotation;

internal sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>The resource exists only while the application runs.</summary>
internal sealed class ExcludedFromPublishAnnotation : IResourceAnnotation;

internal sealed record WaitAnnotation(IResource Resource) : IResourceAnnotation;

internal sealed record HealthCheckAnnotation(string Key) : IResourceAnnotation;

internal sealed record EndpointUrlCallbackAnnotation(string EndpointName, Action<ResourceUrlAnnotation> Callback) : IResourceAnnotation;

internal sealed record ContainerMountAnnotation(string? Source, string Target, bool IsReadOnly) : IResourceAnnotation;

internal sealed record ContainerImageAnnotation(string Image, string? Tag) : IResourceAnnotation
{
    public string Reference => Tag is null ? Image : $"{Image}:{Tag}";
}
