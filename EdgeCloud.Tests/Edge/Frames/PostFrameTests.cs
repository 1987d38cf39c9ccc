using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class PostFrameTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    [Fact]
    public async Task A_face_is_found_in_the_photo_posted_as_JSON()
    {
        var found = await (await edge.Client.PostJsonAsync(
            new { image = Convert.ToBase64String(Photo.Astronaut), device_id = "json" })).EventAsync();

        Assert.Equal("json", found.GetProperty("device_id").GetString());
        Assert.Equal(1, found.GetProperty("persons_detected").GetInt32());
        Assert.InRange(found.GetProperty("faces")[0].GetProperty("conf").GetDouble(), 0.5, 1);
        Assert.Equal(512, found.GetProperty("frame").GetProperty("width").GetInt32());
        Assert.Equal(1000, found.GetProperty("next_frame_ms").GetInt32());
    }

    [Fact]
    public async Task The_same_face_is_found_whichever_way_the_photo_is_sent()
    {
        var base64 = Convert.ToBase64String(Photo.Astronaut);
        var answers = new[]
        {
            await edge.Client.PostJpegAsync(Photo.Astronaut),
            await edge.Client.PostJsonAsync(new { image = base64 }),
            await edge.Client.PostJsonAsync(new { image = "data:image/jpeg;base64," + base64 }),
            await edge.Client.PostAsync("/frame", new StringContent(
                $$"""{"image":"{{base64.Replace("/", "\\/", StringComparison.Ordinal)}}"}""",
                Encoding.UTF8, "application/json")),
            await edge.Client.PostAsync("/frame", new StringContent(
                $$"""{{'\uFEFF'}}{"image":"{{base64.TrimEnd('=')}}"}""", Encoding.UTF8, "application/json")),
            await PostAsync("image/jpg"),
            await PostAsync("image/pjpeg"),
            await PostAsync("application/octet-stream"),
        };

        var faces = await Task.WhenAll(
            answers.Select(async answer => (await answer.EventAsync()).GetProperty("faces").GetRawText()));
        Assert.Single(faces.Distinct());

        Task<HttpResponseMessage> PostAsync(string mediaType)
        {
            var content = new ByteArrayContent(Photo.Astronaut);
            content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
            return edge.Client.PostAsync("/frame", content);
        }
    }

    [Fact]
    public async Task Frames_of_a_device_are_numbered_and_each_event_has_its_own_id()
    {
        var first = await (await edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=counted")).EventAsync();
        var second = await (await edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=counted")).EventAsync();

        Assert.Equal(1, first.GetProperty("frame").GetProperty("sequence").GetInt64());
        Assert.Equal(2, second.GetProperty("frame").GetProperty("sequence").GetInt64());
        Assert.True(
            string.CompareOrdinal(first.GetProperty("event_id").GetString(), second.GetProperty("event_id").GetString())
                < 0, "UUIDv7 sorts by time");
    }

    [Fact]
    public async Task What_the_client_says_of_the_capture_is_kept()
    {
        var answer = await edge.Client.PostJsonAsync(
            new { image = Convert.ToBase64String(Photo.Astronaut), captured_at = "2026-01-02T03:04:05.6+01:00" });
        Assert.Equal("2026-01-02T02:04:05.600000Z", (await answer.EventAsync()).GetProperty("captured_at").GetString());
    }

    [Fact]
    public async Task No_person_is_counted_where_there_is_no_face()
    {
        var found = await (await edge.Client.PostJpegAsync(Photo.Blank(320, 240))).EventAsync();
        Assert.Equal(0, found.GetProperty("persons_detected").GetInt32());
        Assert.Empty(found.GetProperty("faces").EnumerateArray());
    }

    [Fact]
    public async Task The_reply_is_an_event_of_the_contract()
    {
        var json = await (await edge.Client.PostJpegAsync(Photo.Astronaut)).Content.ReadAsByteArrayAsync();
        Assert.True(DetectionEventJson.TryRead(json, out var read, out var reason), reason);
        Assert.Equal(json, DetectionEventJson.Write(read));
    }

    [Fact]
    public async Task A_member_it_does_not_know_is_ignored()
    {
        var answer = await edge.Client.PostJsonAsync(
            new { mood = new { happy = true }, image = Convert.ToBase64String(Photo.Astronaut) });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
