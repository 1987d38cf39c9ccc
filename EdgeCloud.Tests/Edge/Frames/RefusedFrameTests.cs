using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class RefusedFrameTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    private static readonly string Base64 = Convert.ToBase64String(Photo.Astronaut);

    public static TheoryData<string, string, string> BadBodies => new()
    {
        { "not json at all", "Invalid JSON", "not JSON" },
        { "", "Invalid JSON", "not JSON" },
        { "[]", "Invalid JSON", "object" },
        { "{}", "Invalid JSON", "'image'" },
        { """{"image":5}""", "Invalid JSON", "'image'" },
        { """{"image":null}""", "Invalid JSON", "'image'" },
        { """{"image":"AAAA"} trailing""", "Invalid JSON", "not JSON" },
        { """{"image":"AAAA" """, "Invalid JSON", "not JSON" },
        { """{"image":"AAAA","image":"AAAA"}""", "Invalid JSON", "'image' is there twice" },
        { """{"image":"AAAA","device_id":"a","device_id":"b"}""", "Invalid JSON", "'device_id' is there twice" },
        {
            """{"captured_at":"2025-12-30T15:14:34Z","image":"AAAA","captured_at":"2025-12-30T15:14:34Z"}""",
            "Invalid JSON",
            "'captured_at' is there twice"
        },
        { $$"""{"deep":{{new string('[', 100_000)}}""", "Invalid JSON", "depth" },
        { $$"""{"image":"{{new string(' ', 1_900_000)}}"}""", "Invalid JPEG", "FF D8" },
        { $$"""{"image":"{{string.Concat(Enumerable.Repeat("A ", 900_000))}}"}""", "Invalid JPEG", "FF D8" },
        { $$"""{"image":"{{string.Concat(Enumerable.Repeat(@"\n", 900_000))}}"}""", "Invalid JPEG", "FF D8" },
        { """{"image":"AAAA","device_id":"a\u0000b"}""", "Invalid device_id", "1 to 64" },
        { $$"""{"image":"AAAA","device_id":"{{new string('a', 65)}}"}""", "Invalid device_id", "1 to 64" },
        { """{"image":"AAAA","device_id":"\ud800"}""", "Invalid JSON", "UTF" },
        { """{"image":"AAAA","device_id":7}""", "Invalid JSON", "'device_id'" },
        { """{"image":"this is not base64!"}""", "Invalid Base64", "Base64" },
        { """{"image":"AAAAA"}""", "Invalid Base64", "Base64" },
        { """{"image":"AAA=A"}""", "Invalid Base64", "Base64" },
        { """{"image":"AAA"}""", "Invalid JPEG", "begin like a JPEG" },
        { """{"image":"data:image/jpeg,AAAA"}""", "Invalid Base64", "data:" },
        { """{"image":""}""", "Invalid JPEG", "FF D8" },
        { """{"image":"AAAA"}""", "Invalid JPEG", "FF D8" },
        { $$"""{"image":"{{Base64[..4000]}}"}""", "Invalid JPEG", "truncated" },
        { $$"""{"image":"{{Base64}}","device_id":"a b"}""", "Invalid device_id", "1 to 64" },
        { $$"""{"image":"{{Base64}}","device_id":""}""", "Invalid device_id", "1 to 64" },
        { $$"""{"image":"{{Base64}}","captured_at":"yesterday"}""", "Invalid captured_at", "ISO 8601" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_with_400_and_what_is_wrong_with_it(string body, string title, string detail)
    {
        var answer = await edge.Client.PostAsync("/frame", new StringContent(body, Encoding.UTF8, "application/json"));
        await AssertProblemAsync(answer, HttpStatusCode.BadRequest, title, detail);
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_is_refused_with_400()
    {
        var content = new ByteArrayContent([.. "{\"image\":\"AAAA\",\"device_id\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await AssertProblemAsync(
            await edge.Client.PostAsync("/frame", content), HttpStatusCode.BadRequest, "Invalid JSON", "UTF-8");
    }

    [Theory]
    [InlineData("?device_id=a&device_id=b", "Repeated parameter")]
    [InlineData("?captured_at=2025-12-30T15:14:34Z&captured_at=2025-12-30T15:14:34Z", "Repeated parameter")]
    [InlineData("?detail=high&detail=high", "Repeated parameter")]
    [InlineData("?device_id=", "Invalid device_id")]
    [InlineData("?device_id=a%00b", "Invalid device_id")]
    [InlineData("?device_id=%FF%FE", "Invalid device_id")]
    [InlineData("?device_id=%C3%A9", "Invalid device_id")]
    [InlineData("?device_id=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Invalid device_id")]
    [InlineData("?captured_at=yesterday", "Invalid captured_at")]
    public async Task A_bad_query_is_refused_with_400(string query, string title) =>
        await AssertProblemAsync(
            await edge.Client.PostJpegAsync(Photo.Astronaut, query), HttpStatusCode.BadRequest, title, "");

    [Theory]
    [InlineData("extreme")]
    [InlineData("High")]
    [InlineData("")]
    public async Task Another_detail_is_refused_with_400_in_either_form(string detail)
    {
        var named = $"detail must be normal or high; this was '{detail}'.";
        await AssertProblemAsync(
            await edge.Client.PostJpegAsync(Photo.Astronaut, $"?detail={detail}"), HttpStatusCode.BadRequest,
            "Invalid detail", named);
        await AssertProblemAsync(
            await edge.Client.PostAsJsonAsync($"/frame?detail={detail}", new { image = Base64 }),
            HttpStatusCode.BadRequest, "Invalid detail", named);
    }

    [Theory]
    [InlineData("/boxes?device_id=a%20b")]
    [InlineData("/boxes?device_id=a&device_id=b")]
    [InlineData("/boxes?device_id=")]
    [InlineData("/frame.jpg?device_id=a%00b")]
    [InlineData("/frame.jpg?device_id=%FF")]
    public async Task A_device_that_cannot_be_is_400(string path) =>
        await AssertProblemAsync(
            await edge.Client.GetAsync(path), HttpStatusCode.BadRequest, "Invalid device_id", "1 to 64");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("image/png")]
    [InlineData(null)]
    public async Task Another_media_type_is_refused_with_415(string? mediaType)
    {
        var content = new ByteArrayContent(Photo.Astronaut);
        content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType);
        await AssertProblemAsync(
            await edge.Client.PostAsync("/frame", content), HttpStatusCode.UnsupportedMediaType,
            "Unsupported media type", mediaType ?? "no content type");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_with_413_whether_it_says_so_or_not()
    {
        await AssertProblemAsync(
            await edge.Client.PostJpegAsync(new byte[2_000_001]), HttpStatusCode.RequestEntityTooLarge,
            "Body too large", "2000000");

        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/frame")
        {
            Content = new StreamContent(new MemoryStream(new byte[2_000_001])),
        };
        chunked.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        chunked.Headers.TransferEncodingChunked = true;
        await AssertProblemAsync(
            await edge.Client.SendAsync(chunked), HttpStatusCode.RequestEntityTooLarge, "Body too large", "2000000");
    }

    [Fact]
    public async Task A_picture_of_too_many_pixels_is_refused_with_413_before_it_is_decoded() =>
        await AssertProblemAsync(
            await edge.Client.PostJpegAsync(Photo.Blank(1001, 1000)), HttpStatusCode.RequestEntityTooLarge,
            "Picture too large", "1001 × 1000");

    [Fact]
    public async Task What_is_too_large_is_told_what_would_not_be()
    {
        var pixels = await edge.Client.PostJpegAsync(Photo.Blank(1001, 1000));
        Assert.Equal(1_000_000, await MemberAsync(pixels, "max_pixels"));
        Assert.Equal(2_000_000, await MemberAsync(await edge.Client.PostJpegAsync(new byte[2_000_001]), "max_bytes"));

        static async Task<int> MemberAsync(HttpResponseMessage answer, string name) =>
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task A_JPEG_whose_data_cannot_be_decoded_is_refused_with_400()
    {
        // Whole by its markers, but its Huffman tables are gone.
        byte[] jpeg = [0xFF, 0xD8, 0xFF,
            0xC0, 0, 11, 8, 0, 5, 0, 3, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0x34, 0xFF, 0xD9];
        await AssertProblemAsync(
            await edge.Client.PostJpegAsync(jpeg), HttpStatusCode.BadRequest, "Invalid JPEG", "decoded");
    }

    [Theory]
    [InlineData("/boxes?device_id=never")]
    [InlineData("/frame.jpg?device_id=never")]
    public async Task A_device_never_seen_is_404(string path) =>
        await AssertProblemAsync(await edge.Client.GetAsync(path), HttpStatusCode.NotFound, "Unknown device", "never");

    [Fact]
    public async Task An_unknown_path_is_404_and_a_wrong_method_405_as_problem_details()
    {
        await AssertProblemAsync(await edge.Client.GetAsync("/nowhere"), HttpStatusCode.NotFound, "Not Found", "");
        await AssertProblemAsync(
            await edge.Client.DeleteAsync("/frame"), HttpStatusCode.MethodNotAllowed, "Method Not Allowed", "");
    }

    private static async Task AssertProblemAsync(
        HttpResponseMessage answer, HttpStatusCode status, string title, string detail)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(title, problem.GetProperty("title").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        if (detail.Length > 0)
            Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
