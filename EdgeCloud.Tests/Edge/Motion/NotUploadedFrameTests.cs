using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.Tests.Edge.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace EdgeCloud.Tests.Edge.Motion;

/// <summary>What the sender of an unchanged frame without its picture reads.</summary>
public sealed class NotUploadedFrameTests : IAsyncLifetime
{
    private static readonly TimeSpan MaxConfirm = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly EdgeApplication _edge;
    private HttpClient _client = null!;

    public NotUploadedFrameTests() => _edge = Edge("127.0.0.1:1", _clock);

    public static TheoryData<string, string, string> BadBodies => new()
    {
        { "not json at all", "Invalid JSON", "not JSON" },
        { "", "Invalid JSON", "not JSON" },
        { "[]", "Invalid JSON", "'sequence'" },
        { "{}", "Invalid JSON", "'sequence' is missing" },
        { """{"image":"AAAA"}""", "Invalid JSON", "'sequence' is missing" },
        { """{"sequence":null}""", "Invalid JSON", "'sequence' must be" },
        { """{"sequence":"1"}""", "Invalid JSON", "'sequence' must be" },
        { """{"sequence":0}""", "Invalid JSON", "'sequence' must be" },
        { """{"sequence":-1}""", "Invalid JSON", "'sequence' must be" },
        { """{"sequence":1.5}""", "Invalid JSON", "'sequence' must be" },
        { """{"sequence":9223372036854775808}""", "Invalid JSON", "'sequence' must be" },
        { """{"sequence":1,"sequence":1}""", "Invalid JSON", "'sequence' is there twice" },
        { """{"sequence":1,"event_id":"1"}""", "Invalid JSON", "'event_id' must be" },
        { """{"sequence":1,"event_id":7}""", "Invalid JSON", "'event_id' must be" },
        {
            """
            {"event_id":"01a2221b-f7bd-7fb2-9f05-43acd5a92619","sequence":1,
            "event_id":"01a2221b-f7bd-7fb2-9f05-43acd5a92619"}
            """,
            "Invalid JSON",
            "'event_id' is there twice"
        },
        { """{"sequence":1,"device_id":"a","device_id":"b"}""", "Invalid JSON", "'device_id' is there twice" },
        { """{"sequence":1,"device_id":7}""", "Invalid JSON", "'device_id'" },
        { """{"sequence":1,"device_id":"a b"}""", "Invalid device_id", "1 to 64" },
        { """{"sequence":1,"device_id":""}""", "Invalid device_id", "1 to 64" },
        { """{"sequence":1,"device_id":"\ud800"}""", "Invalid JSON", "UTF" },
        { """{"sequence":1,"captured_at":"yesterday"}""", "Invalid captured_at", "ISO 8601" },
        { """{"sequence":1} trailing""", "Invalid JSON", "not JSON" },
        { $$"""{"deep":{{new string('[', 1000)}}""", "Invalid JSON", "depth" },
    };

    public async Task InitializeAsync()
    {
        _client = _edge.CreateClient();
        await _edge.ReadyAsync();
    }

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task It_is_answered_with_the_event_that_it_would_be_with_its_picture()
    {
        var looked = await PictureAsync(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        using var uploadedAnswer = await _client.PostJpegAsync(Photo.Astronaut);
        _clock.Advance(TimeSpan.FromSeconds(1));
        using var answer = await _client.PostUnchangedAsync(
            new { sequence = 1, captured_at = "2025-12-30T15:14:34Z", more = new[] { 1 } });
        var (uploaded, repeated) = (await uploadedAnswer.EventAsync(), await answer.EventAsync());

        Assert.True(uploaded.GetProperty("unchanged").GetBoolean());
        Assert.Equal(
            Names(uploaded).Append("captured_at").Order(StringComparer.Ordinal),
            Names(repeated).Order(StringComparer.Ordinal));
        string[] same =
            ["faces", "poses", "persons_detected", "next_frame_ms", "device_id", "schema", "unchanged"];
        Assert.All(same, name =>
            Assert.Equal(uploaded.GetProperty(name).GetRawText(), repeated.GetProperty(name).GetRawText()));
        Assert.Equal(looked.GetProperty("faces").GetRawText(), repeated.GetProperty("faces").GetRawText());
        Assert.Equal("""{"sequence":3,"width":512,"height":512}""", repeated.GetProperty("frame").GetRawText());
        Assert.Equal("2025-12-30T15:14:34.000000Z", repeated.GetProperty("captured_at").GetString());
        Assert.Equal(Names(uploaded.GetProperty("timing_ms")), Names(repeated.GetProperty("timing_ms")));
        Assert.NotEqual(uploaded.GetProperty("event_id").GetString(), repeated.GetProperty("event_id").GetString());
        Assert.InRange(
            repeated.GetProperty("energy_joules").GetDouble(), 0, uploaded.GetProperty("energy_joules").GetDouble());
        Assert.Equal(uploadedAnswer.Content.Headers.ContentType, answer.Content.Headers.ContentType);
        foreach (var header in new[] { "EdgeCloud-Delivery", "EdgeCloud-Motion-Gate" })
            Assert.Equal(uploadedAnswer.Headers.GetValues(header), answer.Headers.GetValues(header));
        Assert.Equal("threshold=6, max_confirm_ms=5000", answer.Headers.GetValues("EdgeCloud-Motion-Gate").Single());
        Assert.False(uploadedAnswer.Headers.Contains("EdgeCloud-Spared"));
    }

    [Fact]
    public async Task It_counts_as_a_frame_and_what_it_spared_is_counted()
    {
        using var measurements = new Measurements(_edge.Services.GetRequiredService<IMeterFactory>());
        await PictureAsync(0);
        measurements.Clear();

        using var answer = await _client.PostUnchangedAsync(new { sequence = 1 });
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        using var accepted = await _client.PostUnchangedAsync(new { sequence = 1 });

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(
            [("outcome=picture_needed", 1.0), ("outcome=accepted", 1.0)],
            measurements.Of("edgecloud.frames").Select(measured => (measured.Tags, measured.Value)));
        Assert.Equal(1, measurements.Count("edgecloud.frames.unchanged"));
        Assert.Equal(1, measurements.Count("edgecloud.frames.not_uploaded"));
        var bytes = measurements.Count("edgecloud.upload.spared");
        var joules = Assert.Single(measurements.Of("edgecloud.frame.energy.spared")).Value;
        Assert.Equal(Photo.Astronaut.Length - """{"sequence":1}""".Length, bytes);
        Assert.InRange(joules, 1e-6, 1);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"bytes={bytes}, joules={joules:0.0########}"),
            accepted.Headers.GetValues("EdgeCloud-Spared").Single());
        Assert.Equal(
            ["stage=store"],
            measurements.Of("edgecloud.stage.duration").Select(measured => measured.Tags)
                .Where(tags => tags != "stage=publish"));
    }

    [Fact]
    public async Task The_picture_is_needed_unless_it_repeats_the_very_frame_that_was_looked_at_last()
    {
        await AssertPictureNeededAsync(new { sequence = 1 }, "No frame of this device");
        var looked = await PictureAsync(0);
        await PictureAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));

        // The second was unchanged itself: what differs little from it may differ twice as much from the first.
        await AssertPictureNeededAsync(new { sequence = 2 }, "another one, number 1");
        await AssertPictureNeededAsync(new { sequence = 3 }, "another one, number 1");
        await AssertPictureNeededAsync(new { sequence = 1, device_id = "another" }, "No frame of this device");
        await AssertPictureNeededAsync(new { sequence = 1, event_id = Guid.NewGuid() }, "another one");

        var eventId = looked.GetProperty("event_id").GetString();
        await (await _client.PostUnchangedAsync(new { sequence = 1, event_id = eventId })).EventAsync();
    }

    [Fact]
    public async Task Of_two_senders_of_one_device_neither_confirms_the_other_s_picture()
    {
        await PictureAsync(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var other = await (await _client.PostJpegAsync(Photo.AstronautTurned(10))).EventAsync();
        Assert.False(other.TryGetProperty("unchanged", out _));
        _clock.Advance(TimeSpan.FromSeconds(1));

        await AssertPictureNeededAsync(new { sequence = 1 }, "another one, number 2");
        await (await _client.PostUnchangedAsync(new { sequence = 2 })).EventAsync();
    }

    [Fact]
    public async Task However_often_it_is_confirmed_the_models_look_again_in_time()
    {
        await PictureAsync(0);
        for (var second = 1; second < MaxConfirm.TotalSeconds; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await (await _client.PostUnchangedAsync(new { sequence = 1 })).EventAsync();
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        await AssertPictureNeededAsync(new { sequence = 1 }, "5.0 s ago");
        Assert.False((await PictureAsync(0)).TryGetProperty("unchanged", out _));
    }

    [Fact]
    public async Task After_a_restart_the_picture_is_needed_whatever_numbers_there_are()
    {
        var before = (await PictureAsync(0)).GetProperty("event_id").GetString();
        await using var restarted = Edge("127.0.0.1:1", _clock);
        var client = restarted.CreateClient();
        await restarted.ReadyAsync();

        await AssertPictureNeededAsync(new { sequence = 1, event_id = before }, "No frame of this device", client);
        await (await client.PostJpegAsync(Photo.AstronautTurned(10))).EventAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await AssertPictureNeededAsync(new { sequence = 1, event_id = before }, "another one", client);
    }

    [Fact]
    public async Task With_the_gate_off_the_picture_is_needed_and_no_answer_invites_to_go_without()
    {
        await using var off = Edge("127.0.0.1:1", _clock, ("Edge:MotionGate:Enabled", "false"));
        var client = off.CreateClient();
        await off.ReadyAsync();

        using var answer = await client.PostJpegAsync(Photo.Astronaut);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(answer.Headers.Contains("EdgeCloud-Motion-Gate"));
        await AssertPictureNeededAsync(new { sequence = 1 }, "gate is off", client);
    }

    [Fact]
    public async Task The_newest_event_is_its_own_and_the_newest_picture_stays()
    {
        await PictureAsync(0);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var newest = await (await _client.PostUnchangedAsync(new { sequence = 1 })).Content.ReadAsStringAsync();

        Assert.Equal(newest, await _client.GetStringAsync("/boxes"));
        Assert.Equal(Photo.Astronaut, await _client.GetByteArrayAsync("/frame.jpg"));
    }

    [Fact]
    public async Task It_counts_against_the_rate_of_its_device()
    {
        await using var slow = Edge("127.0.0.1:1", _clock, ("Edge:Frames:MaxFramesPerSecond", "2"));
        var client = slow.CreateClient();
        await slow.ReadyAsync();
        await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        await (await client.PostUnchangedAsync(new { sequence = 1 })).EventAsync();
        using var tooFast = await client.PostUnchangedAsync(new { sequence = 1 });

        Assert.Equal(HttpStatusCode.TooManyRequests, tooFast.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), tooFast.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_person_is_followed_through_frames_without_pictures_too()
    {
        using var poses = new MetricCollector<long>(
            _edge.Services.GetRequiredService<IMeterFactory>(), EdgeTelemetry.Name, "edgecloud.poses");
        await PictureAsync(0);
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1.5));
            await (await _client.PostUnchangedAsync(new { sequence = 1 })).EventAsync();
        }

        await PictureAsync(1);

        Assert.Equal(
            ["detector", "track"], poses.GetMeasurementSnapshot().Select(pose => Assert.Single(pose.Tags).Value));
    }

    [Fact]
    public async Task Its_trace_says_that_it_was_unchanged()
    {
        await PictureAsync(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        using var trace = new RecordedTrace();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/frame/unchanged")
        {
            Content = new StringContent("""{"sequence":1}""", Encoding.UTF8, "application/json"),
            Headers = { { "traceparent", trace.TraceParent } },
        };
        (await _client.SendAsync(request)).EnsureSuccessStatusCode();

        var span = await trace.EndedAsync("POST /frame/unchanged");
        Assert.Equal(true, span.GetTagItem("edgecloud.unchanged"));
        Assert.Equal("edge-1", span.GetTagItem("edgecloud.device_id"));
        Assert.Equal("accepted", span.GetTagItem("edgecloud.outcome"));
    }

    [Fact]
    public async Task Its_event_is_on_Kafka_byte_for_byte_in_the_order_of_the_frames()
    {
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        await using var edge = Edge(broker.BootstrapServers, TimeProvider.System);
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        var answers = new List<string> { await TextAsync(client.PostJpegAsync(Photo.Astronaut)) };
        for (var i = 0; i < 3; i++)
            answers.Add(await TextAsync(client.PostUnchangedAsync(new { sequence = 1 })));
        answers.Add(await TextAsync(client.PostJpegAsync(Photo.AstronautTurned(10))));

        Assert.Equal(
            answers,
            TopicReader.Read(broker.BootstrapServers, answers.Count)
                .Select(message => Encoding.UTF8.GetString(message.Value)));
        Assert.Equal([1, 2, 3, 4, 5], answers.Select(text =>
            JsonDocument.Parse(text).RootElement.GetProperty("frame").GetProperty("sequence").GetInt64()));

        static async Task<string> TextAsync(Task<HttpResponseMessage> answer) =>
            (await (await answer).EventAsync()).GetRawText();
    }

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_rejected_with_400_and_what_is_wrong_with_it(
        string body, string title, string detail) => await AssertProblemAsync(
        await PostAsync(body, "application/json"), HttpStatusCode.BadRequest, title, detail);

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("text/plain")]
    public async Task Another_media_type_is_rejected_with_415(string mediaType) => await AssertProblemAsync(
        await PostAsync("""{"sequence":1}""", mediaType), HttpStatusCode.UnsupportedMediaType,
        "Unsupported media type", $"application/json; this was '{mediaType}");

    [Fact]
    public async Task A_body_with_room_for_a_picture_is_rejected_with_413() => await AssertProblemAsync(
        await PostAsync("{\"sequence\":1}" + new string(' ', 16 * 1024), "application/json"),
        HttpStatusCode.RequestEntityTooLarge, "Body too large", "16384");

    private static EdgeApplication Edge(
        string bootstrapServers, TimeProvider clock, params (string Key, string Value)[] settings) =>
        new(bootstrapServers, new Dictionary<string, string?>(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)).Prepend(
                new("Edge:Frames:FrameFile", "")))
        {
            ["Edge:MotionGate:Enabled"] =
                settings.FirstOrDefault(setting => setting.Key == "Edge:MotionGate:Enabled").Value ?? "true",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        })
        {
            Time = clock,
        };

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(one => one.Name);

    private static async Task AssertProblemAsync(
        HttpResponseMessage answer, HttpStatusCode status, string title, string detail)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(text);
        Assert.Equal(title, problem.RootElement.GetProperty("title").GetString());
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task AssertPictureNeededAsync(object body, string detail, HttpClient? client = null) =>
        await AssertProblemAsync(
            await (client ?? _client).PostUnchangedAsync(body), HttpStatusCode.Conflict, "Picture needed", detail);

    private Task<HttpResponseMessage> PostAsync(string body, string mediaType) =>
        _client.PostAsync("/frame/unchanged", new StringContent(body, Encoding.UTF8, mediaType));

    private async Task<JsonElement> PictureAsync(double secondsLater)
    {
        _clock.Advance(TimeSpan.FromSeconds(secondsLater));
        return await (await _client.PostJpegAsync(Photo.Astronaut)).EventAsync();
    }
}
