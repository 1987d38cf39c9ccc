using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.Edge.Events;

/// <summary>An edge whose Kafka client takes no event as large as that of a pose.</summary>
public sealed class OutboxEndpointTests(OutboxEndpointTests.Scene scene) : IClassFixture<OutboxEndpointTests.Scene>
{
    [Fact]
    public async Task The_outbox_lists_what_is_set_aside_and_so_does_the_command()
    {
        var events = await scene.RejectedAsync("listed", 3);

        var content = await scene.Client.GetFromJsonAsync<JsonElement>("/outbox?limit=1000");
        var listed = content.GetProperty("events").EnumerateArray()
            .Where(one => one.GetProperty("device_id").GetString() == "listed").ToArray();
        Assert.Equal(events.Select(IdOf), listed.Select(IdOf));
        Assert.Equal([1, 2, 3], listed.Select(one => one.GetProperty("sequence").GetInt64()));
        Assert.All(listed, one => Assert.Contains(
            "message.max.bytes", one.GetProperty("reason").GetString(), StringComparison.Ordinal));
        Assert.Equal(
            content.GetProperty("set_aside_events").GetInt64(), content.GetProperty("events").GetArrayLength());
        Assert.InRange(content.GetProperty("size_bytes").GetInt64(), 1, content.GetProperty("max_bytes").GetInt64());

        var table = await CommandAsync("list", "--limit", "1000");
        Assert.All(events, one => Assert.Matches($"(?m)^{IdOf(one)} +listed +[123] .*message.max.bytes", table.Output));
        var json = await CommandAsync("list", "--json", "--limit", "1000");
        Assert.Equal(content.GetRawText(), JsonDocument.Parse(json.Output).RootElement.GetRawText());
    }

    [Fact]
    public async Task The_command_retries_those_that_it_is_told_and_without_any_all()
    {
        var events = await scene.RejectedAsync("retried", 2);

        var one = await CommandAsync("retry", "--id", IdOf(events[0]));
        Assert.Matches("^1 events are sent again", one.Output);
        await scene.AreSetAsideAsync();

        var all = await CommandAsync("retry");
        Assert.Matches("^[1-9][0-9]* events are sent again", all.Output);
        await scene.AreSetAsideAsync();
        var none = await CommandAsync("retry", "--id", Guid.NewGuid().ToString());
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("404", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"event_id":"019b7033-f6d6-7000-8000-0123456789ab"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"all":true,"event_ids":["019b7033-f6d6-7000-8000-0123456789ab"]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"event_ids":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"event_ids":["7"]}""", HttpStatusCode.BadRequest)]
    [InlineData("""null""", HttpStatusCode.BadRequest)]
    [InlineData("""[""", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("""{"event_ids":["019b7033-f6d6-7000-8000-0123456789ab"]}""", HttpStatusCode.NotFound)]
    public async Task A_retry_of_nothing_is_refused_with_the_cause(string body, HttpStatusCode status)
    {
        var answer = await scene.Client.PostAsync(
            "/outbox/retry", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_or_far_too_large_is_refused()
    {
        var text = await scene.Client.PostAsync("/outbox/retry", new StringContent("""{"all":true}"""));
        await using var large = await RawConnection.OpenAsync(scene.Client.BaseAddress!);
        await large.SendAsync(
            "POST /outbox/retry HTTP/1.1\r\nHost: edge\r\nContent-Type: application/json\r\n"
            + "Content-Length: 100000\r\n\r\n");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        Assert.StartsWith("HTTP/1.1 413 ", await large.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("many")]
    public async Task A_limit_out_of_bounds_is_refused(string limit) =>
        Assert.Equal(
            HttpStatusCode.BadRequest, (await scene.Client.GetAsync($"/outbox?limit={limit}")).StatusCode);

    [Fact]
    public async Task No_page_of_another_origin_may_ask()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/outbox/retry");
        preflight.Headers.Add("Origin", "http://somewhere.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type");
        using var get = new HttpRequestMessage(HttpMethod.Get, "/outbox");
        get.Headers.Add("Origin", "http://somewhere.example");

        Assert.False((await scene.Client.SendAsync(preflight)).Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False((await scene.Client.SendAsync(get)).Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_health_is_degraded_and_says_how_many_and_why_when_it_is_asked_verbosely()
    {
        await scene.RejectedAsync("health", 1);

        Assert.Equal("Degraded", await scene.Client.GetStringAsync("/health"));
        Assert.Matches(
            @"\ADegraded\n(.*\n)*outbox: Degraded: .* [1-9][0-9]*, larger than the message\.max\.bytes",
            await scene.Client.GetStringAsync("/health?verbose"));
    }

    [Fact]
    public async Task An_edge_that_is_not_there_is_named()
    {
        var none = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("edgecloud", "outbox", "list", "--edge", "http://127.0.0.1:1"));

        Assert.Equal(1, none.ExitCode);
        Assert.Contains("http://127.0.0.1:1/ cannot be reached", none.Error, StringComparison.Ordinal);
    }

    private static string IdOf(JsonElement one) => one.GetProperty("event_id").GetString()!;

    private Task<Finished> CommandAsync(params string[] arguments) => ChildProcess.RunAsync(
        ChildProcess.Dotnet("edgecloud", ["outbox", .. arguments, "--edge", $"{scene.Client.BaseAddress}"]));

    public sealed class Scene : IAsyncLifetime
    {
        private readonly EmbeddedBroker _broker = new(partitions: 6, "edge-data");
        private readonly EdgeApplication _edge;
        private int _rejected;

        public Scene() => _edge = new EdgeApplication(_broker.BootstrapServers, new Dictionary<string, string?>
        {
            ["Edge:Inference:Pose"] = "Lite",
            ["Edge:Frames:FrameFile"] = "",
            ["Aspire:Confluent:Kafka:Producer:Config:MessageMaxBytes"] = "1000",
        });

        public HttpClient Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Client = _edge.CreateClient();
            await _edge.ReadyAsync();
        }

        /// <returns>The events of frames that were accepted, and are set aside.</returns>
        public async Task<JsonElement[]> RejectedAsync(string device, int count)
        {
            var events = new JsonElement[count];
            for (var i = 0; i < count; i++)
            {
                events[i] =
                    await (await Client.PostJpegAsync(Photo.Astronaut, $"?device_id={device}")).EventAsync();
            }

            _rejected += count;
            await AreSetAsideAsync();
            return events;
        }

        public Task AreSetAsideAsync() => Eventually.HoldsAsync(
            async () => (await Client.GetFromJsonAsync<JsonElement>("/outbox"))
                .GetProperty("set_aside_events").GetInt32() == _rejected,
            "all are set aside");

        public async Task DisposeAsync()
        {
            await _edge.DisposeAsync();
            _broker.Dispose();
        }
    }
}
