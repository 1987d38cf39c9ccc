using System.Net;
using System.Text.Json;
using EdgeCloud.Tests.Edge.Inference;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Frames;

/// <summary>POST /frame?detail=high, with the motion gate on.</summary>
public sealed class DetailedFrameTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly EdgeApplication _edge;
    private readonly byte[] _group;
    private HttpClient _client = null!;

    public DetailedFrameTests()
    {
        _edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
        {
            ["Edge:MotionGate:Enabled"] = "true",
            ["Edge:Frames:FrameFile"] = "",
        })
        { Time = _clock };
        using var group = new GroupPicture(new Size(2000, 1500), columns: 4, rows: 3, (40, 60));
        _group = group.ToJpeg();
    }

    public async Task InitializeAsync()
    {
        _client = _edge.CreateClient();
        await _edge.ReadyAsync();
    }

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("?detail=normal")]
    public async Task A_frame_is_looked_at_as_a_whole_unless_it_says_otherwise(string query) =>
        Assert.InRange(Persons(await PostAsync(query)), 0, 3);

    [Fact]
    public async Task A_JPEG_and_JSON_are_looked_at_in_tiles_alike()
    {
        Assert.Equal(12, Persons(await PostAsync("?detail=high")));
        var body = JsonContent(new { image = Convert.ToBase64String(_group), device_id = "json" });
        var found = await (await _client.PostAsync("/frame?detail=high&device_id=a&device_id=b", body)).EventAsync();
        Assert.Equal((12, "json"), (Persons(found), found.GetProperty("device_id").GetString()));
    }

    [Fact]
    public async Task Neither_is_answered_from_what_the_other_found()
    {
        var whole = await PostAsync("");
        Assert.Equal(12, Persons(await PostAsync("?detail=high")));
        Assert.Equal(12, Persons(await PostAsync("?detail=high")));
        var again = await PostAsync("");
        Assert.True(again.GetProperty("unchanged").GetBoolean());
        Assert.Equal(whole.GetProperty("faces").GetRawText(), again.GetProperty("faces").GetRawText());
    }

    [Fact]
    public async Task A_frame_that_was_looked_at_in_tiles_is_none_that_another_may_repeat()
    {
        var looked = (await PostAsync("?detail=high")).GetProperty("frame").GetProperty("sequence").GetInt64();
        var answer = await _client.PostUnchangedAsync(new { sequence = looked });
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Fact]
    public async Task What_a_look_in_tiles_takes_makes_the_device_no_slower()
    {
        var before = await PostAsync("");
        Assert.Equal(
            before.GetProperty("next_frame_ms").GetInt32(),
            (await PostAsync("?detail=high")).GetProperty("next_frame_ms").GetInt32());
    }

    [Fact]
    public async Task A_look_that_takes_longer_than_a_request_may_ends_with_408_and_without_an_event()
    {
        await using var hasty = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
        {
            ["Edge:Frames:RequestTimeout"] = "00:00:00.300",
            ["Edge:Frames:FrameFile"] = "",
        });
        using var client = hasty.CreateClient();
        await hasty.ReadyAsync();

        var answer = await client.PostJpegAsync(Photo.Blank(4000, 3000), "?detail=high");

        Assert.Equal(HttpStatusCode.RequestTimeout, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/boxes")).StatusCode);
    }

    private static int Persons(JsonElement found) => found.GetProperty("persons_detected").GetInt32();

    private static StringContent JsonContent(object body) =>
        new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private async Task<JsonElement> PostAsync(string query)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        return await (await _client.PostJpegAsync(_group, query)).EventAsync();
    }
}
