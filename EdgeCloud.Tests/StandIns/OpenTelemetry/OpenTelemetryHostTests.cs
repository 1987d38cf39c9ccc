using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EdgeCloud.Tests.StandIns.OpenTelemetry;

public sealed class OpenTelemetryHostTests
{
    private readonly HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
    private readonly string name = $"source-{Guid.NewGuid():n}";

    [Fact]
    public async Task What_a_service_does_while_starting_is_traced_even_if_it_was_added_first()
    {
        var ended = new List<string>();
        builder.Services.AddHostedService(_ => new Starting(name));
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(name).AddProcessor(new Collect(ended)));

        using var host = builder.Build();
        await host.StartAsync();

        Assert.Equal(["start"], ended);
    }

    [Fact]
    public async Task Added_twice_it_has_one_provider_with_both_configurations()
    {
        var ended = new List<string>();
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(name));
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddProcessor(new Collect(ended)));
        using var host = builder.Build();
        await host.StartAsync();

        using (var source = new ActivitySource(name))
            source.StartActivity("once")?.Dispose();

        Assert.Equal(["once"], ended);
        Assert.Single(host.Services.GetServices<TracerProvider>());
        Assert.Single(host.Services.GetServices<IHostedService>());
    }

    [Fact]
    public void All_signals_describe_the_same_resource()
    {
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("edge"))
            .WithTracing()
            .WithMetrics()
            .WithLogging();
        using var host = builder.Build();

        BaseProvider[] providers =
        [
            host.Services.GetRequiredService<TracerProvider>(),
            host.Services.GetRequiredService<MeterProvider>(),
            host.Services.GetRequiredService<LoggerProvider>(),
        ];

        Assert.All(providers, provider => Assert.Contains(new("service.name", "edge"), provider.GetResource().Attributes));
    }

    [Fact]
    public void A_log_record_reaches_its_processor()
    {
        var logged = new List<string?>();
        builder.Services.AddOpenTelemetry().WithLogging(
            logging => logging.AddProcessor(new CollectLogs(logged)), options => options.IncludeFormattedMessage = true);
        using var host = builder.Build();

        host.Services.GetRequiredService<ILogger<OpenTelemetryHostTests>>().LogWarning("frame {Frame} lost", 7);

        Assert.Equal(["frame 7 lost"], logged);
    }

    private sealed class Starting(string source) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            using var activities = new ActivitySource(source);
            activities.StartActivity("start")?.Dispose();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Collect(List<string> ended) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => ended.Add(data.DisplayName);
    }

    private sealed class CollectLogs(List<string?> logged) : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => logged.Add(data.FormattedMessage);
    }
}
