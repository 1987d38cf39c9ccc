namespace Aspire.Hosting.Publishing;

/// <summary>On a resource that writes the whole application for some platform: does so when the application is published.</summary>
internal sealed record PublishingEnvironmentAnnotation(
    Func<DistributedApplicationModel, DistributedApplicationExecutionContext, string, CancellationToken, Task> WriteAsync) : IResourceAnnotation;
