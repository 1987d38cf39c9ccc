using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;

namespace EdgeCloud.Tests.Edge.Telemetry;

/// <summary>What an edge of its own sends by OTLP, with the sampler as it is when nothing is said.</summary>
public sealed class ExportedTelemetryTests(ExportedTelemetryTests.ExportingEdge edge)
    : IClassFixture<ExportedTelemetryTests.ExportingEdge>
{
    [Fact]
    public async Task The_caller_decides_whether_its_request_is_traced()
    {
        var (unsampled, sampled) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());

        for (var i = 0; i < 50; i++)
            await edge.GetAsync("/boxes", unsampled, "00");
        await edge.GetAsync("/boxes", sampled, "01");

        // Requests of one connection end one after the other, and their spans leave in that order.
        await edge.HasReceivedAsync("traces", Bytes(sampled));
        Assert.False(edge.Received("traces", Bytes(unsampled)));
    }

    [Fact]
    public async Task Health_liveness_and_scrapes_are_never_traced()
    {
        var (lookingAfter, sampled) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());

        foreach (var path in new[] { "/health", "/alive", "/metrics" })
            await edge.GetAsync(path, lookingAfter, "01");
        await edge.GetAsync("/boxes", sampled, "01");

        await edge.HasReceivedAsync("traces", Bytes(sampled));
        Assert.False(edge.Received("traces", Bytes(lookingAfter)));
    }

    [Fact]
    public async Task Of_the_requests_whose_caller_says_nothing_about_one_in_ten_is_traced()
    {
        const int Requests = 400;
        for (var i = 0; i < Requests; i++)
            await edge.Client.GetAsync("/frame.jpg");
        var last = ActivityTraceId.CreateRandom();
        await edge.GetAsync("/boxes", last, "01");

        await edge.HasReceivedAsync("traces", Bytes(last));
        // 40 on the average; outside of this once in many billion runs.
        Assert.InRange(edge.Count("traces", "GET /frame.jpg"u8), 5, 100);
    }

    [Fact]
    public async Task A_log_line_of_a_request_has_its_trace_on_the_console_and_by_OTLP()
    {
        var trace = ActivityTraceId.CreateRandom();

        await edge.GetAsync("/boxes?device_id=logged", trace, "01");

        await Eventually.HoldsAsync(
            () => edge.Process.Output.Any(line => line.Contains($"TraceId:{trace}", StringComparison.Ordinal)),
            "the console has the trace id");
        await edge.HasReceivedAsync("logs", Bytes(trace));
        await edge.HasReceivedAsync("logs", "Request starting HTTP/1.1 GET http://"u8.ToArray());
        await edge.HasReceivedAsync("logs", "RequestPath"u8.ToArray());
    }

    [Fact]
    public async Task A_measurement_names_the_trace_that_it_was_taken_in()
    {
        var trace = ActivityTraceId.CreateRandom();

        await edge.GetAsync("/boxes", trace, "01");

        await edge.HasReceivedAsync("metrics", Bytes(trace));
    }

    private static byte[] Bytes(ActivityTraceId id)
    {
        var bytes = new byte[16];
        id.CopyTo(bytes);
        return bytes;
    }

    /// <summary>
    /// An edge and the collector that it exports to. Ids and texts stand in OTLP as they are, so that they
    /// are found in its bytes.
    /// </summary>
    public sealed class ExportingEdge : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();
        private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = [];
        private WebApplication _collector = null!;

        internal EdgeProcess Process { get; private set; } = null!;

        public HttpClient Client => Process.Client;

        public async Task InitializeAsync()
        {
            _collector = await LocalServer.CollectAsync((signal, body) => _received.Enqueue((signal, body)));
            Process = await EdgeProcess.StartAsync(
                "127.0.0.1:1", _folder.File("outbox.db"), $"--OTEL_EXPORTER_OTLP_ENDPOINT={_collector.Urls.Single()}",
                "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_BSP_SCHEDULE_DELAY=50",
                "--OTEL_BLRP_SCHEDULE_DELAY=50", "--OTEL_METRIC_EXPORT_INTERVAL=200",
                "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Information");
        }

        public async Task DisposeAsync()
        {
            await Process.DisposeAsync();
            await _collector.DisposeAsync();
            _folder.Dispose();
        }

        public async Task GetAsync(string path, ActivityTraceId trace, string flags)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path)
            {
                Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-{flags}" } },
            };
            (await Client.SendAsync(request)).Dispose();
        }

        public bool Received(string signal, ReadOnlySpan<byte> bytes) => Count(signal, bytes) > 0;

        public Task HasReceivedAsync(string signal, byte[] bytes) =>
            Eventually.HoldsAsync(() => Received(signal, bytes), $"the {signal} have arrived");

        public int Count(string signal, ReadOnlySpan<byte> bytes)
        {
            var count = 0;
            foreach (var (_, body) in _received.Where(message => message.Signal == signal))
                count += body.AsSpan().Count(bytes);
            return count;
        }
    }
}
