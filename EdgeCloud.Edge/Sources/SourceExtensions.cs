using EdgeCloud.Edge.Frames;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Cors;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Sources;

internal static class SourceExtensions
{
    public const string Tag = "Sources";

    public static void AddSources(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SourceList>().BindConfiguration("Edge").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SourceList>, SourceValidation>();
        builder.Services.AddSingleton<SourceMetrics>();
        builder.Services.AddSingleton<SourceIntake>();
        builder.Services.AddSingleton<SourceServices>();
        builder.Services.AddSingleton<FetchFrames>(static services => new Ffmpeg(
            services.GetRequiredService<IOptions<FrameOptions>>(),
            services.GetRequiredService<TimeProvider>()).RunAsync);
        builder.Services.AddSingleton<CameraSources>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CameraSources>());
        builder.Services.AddHealthChecks().AddCheck<CameraSources>("sources");
    }

    public static void MapSources(this WebApplication app) =>
        app.MapGet("/sources", static (CameraSources sources) => TypedResults.Ok(new SourceStatuses(sources.Statuses)))
            .WithName("getSources").WithTags(Tag)
            .WithSummary("The cameras that the edge fetches frames from, and how they are")
            .WithAnswers((StatusCodes.Status200OK, "Each of them"))
            .WithMetadata(new DisableCorsAttribute());
}
