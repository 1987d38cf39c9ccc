using System.Net;
using System.Text.Json;

namespace EdgeCloud.Tests.Edge;

public sealed class SurfaceTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    [Theory]
    [InlineData("/health", "text/plain")]
    [InlineData("/alive", "text/plain")]
    [InlineData("/", "text/html")]
    [InlineData("/theme.css", "text/css")]
    [InlineData("/openapi/v1.json", "application/json")]
    [InlineData("/metrics", "text/plain")]
    public async Task Every_address_of_the_contract_answers(string path, string mediaType)
    {
        var answer = await edge.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_the_frame_and_its_answers()
    {
        using var document = JsonDocument.Parse(await edge.Client.GetStringAsync("/openapi/v1.json"));
        var post = document.RootElement.GetProperty("paths").GetProperty("/frame").GetProperty("post");
        Assert.Equal(
            ["application/json", "image/jpeg"],
            post.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(media => media.Name));
        Assert.Equal(
            ["200", "400", "408", "413", "415", "429", "4XX", "503"],
            post.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order());
        Assert.Equal(
            ["sending", "stored"],
            post.GetProperty("responses").GetProperty("200").GetProperty("headers").GetProperty("EdgeCloud-Delivery")
                .GetProperty("schema").GetProperty("enum").EnumerateArray().Select(value => value.GetString()));
        Assert.Contains(
            "persons_detected", document.RootElement.GetProperty("components").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("http://somewhere.example")]
    public async Task Any_origin_may_call_that_of_a_page_opened_from_a_file_included(string origin)
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/frame");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type,traceparent");
        var answer = await edge.Client.SendAsync(preflight);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task The_metrics_count_frames_by_outcome()
    {
        await edge.Client.PostJpegAsync(Photo.Astronaut);
        await edge.Client.PostJpegAsync([1, 2, 3]);

        var metrics = await edge.Client.GetStringAsync("/metrics");
        Assert.Matches("""edgecloud_frames_total\{.*outcome="accepted".*\} [1-9]""", metrics);
        Assert.Matches("""edgecloud_frames_total\{.*outcome="jpeg".*\} [1-9]""", metrics);
    }
}
