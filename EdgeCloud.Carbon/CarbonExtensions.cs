using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Carbon;

public static class CarbonExtensions
{
    /// <summary>The tag of the operation in an OpenAPI document, and what it is for.</summary>
    public const string ApiTag = "Energy and carbon";

    /// <inheritdoc cref="ApiTag"/>
    public const string ApiTagMeaning = "What the service uses and emits.";

    /// <summary>Counts what the service uses and emits.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="component">Its name in metrics and reports.</param>
    /// <param name="countsFrames">Whether it calls <see cref="CarbonLedger.FrameDone"/>; if not, it has no
    /// metric of frames.</param>
    public static void AddCarbon(this IHostApplicationBuilder builder, string component, bool countsFrames = true)
    {
        var services = builder.Services;
        services.AddOptions<CarbonOptions>()
            .BindConfiguration(CarbonOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new CarbonComponent(component, countsFrames));
        services.AddSingleton(provider => IntensityProviders.Create(
            provider.GetRequiredService<IOptions<CarbonOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IntensityFeed>();
        services.AddSingleton<CarbonLedger>();
        services.AddHostedService(provider => provider.GetRequiredService<IntensityFeed>());
        services.AddHostedService<CarbonMetrics>();
    }

    /// <summary>Maps /carbon.</summary>
    public static void MapCarbon(this IEndpointRouteBuilder app) =>
        app.MapGet("/carbon", (CarbonComponent component, CarbonLedger ledger, IntensityFeed intensity) =>
            TypedResults.Ok(CarbonReport.Of(component, ledger, intensity)))
            .WithName("getCarbon").WithTags(ApiTag)
            .WithSummary("What this service has used and emitted since it started");
}
