using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EdgeCloud.Tests.Server;

public sealed class ApiTests : IAsyncLifetime
{
    private readonly ServerScene _scene = new();
    private HttpClient _server = null!;

    public async Task InitializeAsync() => _server = await _scene.StartServerAsync();

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task An_event_is_served_as_it_came_members_of_the_future_included()
    {
        const string future = """{"device_id":"edge-1","timestamp":"2026-01-02T12:00:00.000000Z","persons_detected":0"""
            + ""","faces":[],"mood":{"happy":true}}""";
        await _scene.PublishAsync(Encoding.UTF8.GetBytes(future));
        await _server.SeesAsync("events", 1);
        Assert.Equal($"[{future}]", await _server.GetStringAsync("/data"));
    }

    [Theory]
    [InlineData("/data?limit=0")]
    [InlineData("/data?limit=1001")]
    [InlineData("/data?limit=many")]
    [InlineData("/data?device_id=a%20b")]
    public async Task A_bad_question_is_refused_with_problem_details(string path)
    {
        var answer = await _server.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_device_is_summed_up()
    {
        var now = DateTimeOffset.UtcNow;
        await _scene.PublishAsync(Events.Of("edge-7", now, persons: 2));
        await _server.SeesAsync("events", 1);

        var device = Assert.Single((await _server.GetFromJsonAsync<JsonElement[]>("/devices"))!);
        Assert.Equal("edge-7", device.GetProperty("device_id").GetString());
        Assert.Equal("online", device.GetProperty("status").GetString());
        Assert.Equal(2, device.GetProperty("persons_detected").GetInt32());
        Assert.Equal(640, device.GetProperty("frame").GetProperty("width").GetInt32());
        Assert.Equal(1, (await _server.StatsAsync()).GetProperty("devices_online").GetInt64());
    }

    [Fact]
    public async Task The_stats_tell_lag_freshness_throughput_and_the_persons_of_the_last_hour()
    {
        var before = await _server.StatsAsync();
        Assert.All(["p50", "p95", "p99"], percentile =>
            Assert.Equal(JsonValueKind.Null, before.GetProperty("freshness_ms").GetProperty(percentile).ValueKind));
        await _scene.PublishAsync(Events.Of("edge-7", DateTimeOffset.UtcNow, persons: 2) with
        {
            CapturedAt = DateTimeOffset.UtcNow.AddMinutes(-10),
        });
        await _server.SeesAsync("events", 1);
        await Eventually.HoldsAsync(
            async () => (await _server.StatsAsync()).GetProperty("events_per_second").GetDouble() > 0,
            "the second of the event is over");

        var stats = await _server.StatsAsync();
        Assert.InRange(stats.GetProperty("freshness_ms").GetProperty("p50").GetDouble(), 580_000, 900_000);
        await Eventually.HoldsAsync(
            async () =>
                (await _server.StatsAsync()).GetProperty("lag").GetRawText() == """{"messages":0,"seconds":0}""",
            "nothing is waiting");
        var persons = stats.GetProperty("persons_last_hour")
            .EnumerateArray().Select(minute => minute.GetInt32()).ToArray();
        Assert.Equal((60, 2), (persons.Length, persons[^2] + persons[^1]));
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_the_stats()
    {
        var schemas = (await _server.GetFromJsonAsync<JsonElement>("/openapi/v1.json"))
            .GetProperty("components").GetProperty("schemas");
        var stats = schemas.GetProperty("ServerStats").GetProperty("properties");
        Assert.All(["lag", "freshness_ms", "events_per_second", "persons_last_hour"], name =>
            Assert.NotEmpty(stats.GetProperty(name).GetProperty("description").GetString()!));
    }

    [Fact]
    public async Task A_new_event_reaches_a_listener_at_once_as_a_server_sent_event()
    {
        using var stream = new StreamReader(await _server.GetStreamAsync("/events"));
        Assert.Equal("event: ready", await stream.ReadLineAsync());
        Assert.Equal("data: {}", await stream.ReadLineAsync());
        Assert.Equal("", await stream.ReadLineAsync());
        var sent = Events.Of("edge-1", DateTimeOffset.UtcNow);
        await _scene.PublishAsync(sent);

        var lines = new List<string>();
        while (await stream.ReadLineAsync() is { Length: > 0 } line)
            lines.Add(line);

        Assert.Contains("event: detection", lines);
        Assert.Contains($"id: {sent.EventId}", lines);
        Assert.Contains(lines, line => line.StartsWith("""data: {"device_id":"edge-1",""", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_written_over_several_lines_does_not_break_the_stream()
    {
        using var stream = new StreamReader(await _server.GetStreamAsync("/events"));
        const string pretty = "{\n\"device_id\":\"edge-1\",\n\n\"timestamp\":\"2026-01-02T12:00:00Z\",\r\n"
            + "\"persons_detected\":0,\"faces\":[]}";
        await _scene.PublishAsync(Encoding.UTF8.GetBytes(pretty));

        while (await stream.ReadLineAsync() != "event: detection")
            continue;
        var data = new StringBuilder();
        while (await stream.ReadLineAsync() is { Length: > 0 } line)
            data.Append(
                line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : throw new InvalidDataException(line));
        Assert.Equal("edge-1", JsonDocument.Parse(data.ToString()).RootElement.GetProperty("device_id").GetString());
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/theme.css", "text/css")]
    [InlineData("/health", "text/plain")]
    [InlineData("/alive", "text/plain")]
    [InlineData("/metrics", "text/plain")]
    [InlineData("/openapi/v1.json", "application/json")]
    public async Task Every_address_of_the_contract_answers(string path, string mediaType)
    {
        var answer = await _server.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType?.MediaType);
    }
}
