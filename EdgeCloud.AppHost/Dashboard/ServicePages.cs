namespace EdgeCloud.AppHost.Dashboard;

/// <summary>
/// Edge and server as the dashboard shows them: an icon, and each page under the name that a person would look for.
/// </summary>
internal static class ServicePages
{
    public static IResourceBuilder<ProjectResource> WithEdgePages(this IResourceBuilder<ProjectResource> edge) => edge
        .WithIconName("Camera")
        .WithUrlForEndpoint("http", static url => url.DisplayText = "Camera page")
        .WithPage("/#phones", "Pair a phone", UrlDisplayLocation.DetailsOnly)
        .WithPage("/boxes", "Newest event", UrlDisplayLocation.DetailsOnly)
        .WithCommonPages();

    public static IResourceBuilder<ProjectResource> WithServerPages(
        this IResourceBuilder<ProjectResource> server) => server
            .WithIconName("DataBarVertical")
            .WithUrlForEndpoint("http", static url => url.DisplayText = "Live page")
            .WithPage("/data", "Newest events", UrlDisplayLocation.DetailsOnly)
            .WithCommonPages();

    private static IResourceBuilder<ProjectResource> WithCommonPages(
        this IResourceBuilder<ProjectResource> service) => service
            .WithPage("/metrics", "Metrics")
            .WithPage("/scalar", "API")
            .WithPage("/openapi/v1.json", "OpenAPI", UrlDisplayLocation.DetailsOnly)
            .WithPage("/carbon", "Energy and carbon", UrlDisplayLocation.DetailsOnly);

    private static IResourceBuilder<ProjectResource> WithPage(
        this IResourceBuilder<ProjectResource> service,
        string path,
        string name,
        UrlDisplayLocation location = UrlDisplayLocation.SummaryAndDetails) =>
        service.WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation
        {
            Url = path,
            DisplayText = name,
            DisplayLocation = location,
        });
}
