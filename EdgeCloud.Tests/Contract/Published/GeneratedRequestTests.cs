using System.Net;
using System.Text.Json;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>Requests made from the documents: what they allow is accepted, and what they do not is refused.</summary>
[Collection(ServicesCollection.Name)]
public sealed class GeneratedRequestTests(ServicesFixture services)
{
    private const int Seed = 1;
    private const int ValidRequests = 40;

    [Theory]
    [InlineData("edge", "POST", "/frame")]
    [InlineData("edge", "POST", "/frame/unchanged")]
    [InlineData("edge", "GET", "/boxes")]
    [InlineData("edge", "GET", "/frame.jpg")]
    [InlineData("edge", "GET", "/outbox")]
    [InlineData("edge", "GET", "/zones")]
    [InlineData("server", "GET", "/data")]
    public async Task What_the_document_allows_is_accepted(string service, string method, string path)
    {
        var (api, client) = ServiceOf(service);
        var operation = api.Operation(method, path);
        var isKnown = path is "/boxes" or "/frame.jpg";

        // Only a device that there is can be asked for, and without a name the default one is.
        if (isKnown)
            await (await client.PostJpegAsync(Photo.Blank(16, 16))).EventAsync();

        // And only a frame that the models looked at can be repeated.
        JsonElement? repeated = path == "/frame/unchanged"
            ? await (await client.PostJpegAsync(Photo.AstronautTurned(25))).EventAsync()
            : null;
        var maker = new RequestMaker(operation, Seed)
        {
            DeviceId = isKnown ? "photo" : repeated?.GetProperty("device_id").GetString(),
            Repeated = repeated,
        };
        for (var i = 0; i < ValidRequests; i++)
        {
            var (what, request) = maker.Valid();
            await CheckAsync(client, operation, what, request, (int)HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("edge", "POST", "/frame", 20)]
    [InlineData("edge", "POST", "/frame/unchanged", 20)]
    [InlineData("edge", "GET", "/boxes", 20)]
    [InlineData("edge", "GET", "/frame.jpg", 20)]
    [InlineData("edge", "GET", "/outbox", 6)]
    [InlineData("edge", "GET", "/zones", 20)]
    [InlineData("server", "GET", "/data", 20)]
    public async Task What_the_document_does_not_allow_is_refused_with_the_status_that_it_names(
        string service, string method, string path, int ways)
    {
        var (api, client) = ServiceOf(service);
        var operation = api.Operation(method, path);
        var broken = new RequestMaker(operation, Seed).Broken().ToArray();
        Assert.True(broken.Length > ways, $"{broken.Length} requests");
        foreach (var (what, request, status) in broken)
        {
            Assert.NotNull(operation.Responses[$"{status}"]);
            await CheckAsync(client, operation, what, request, status);
        }
    }

    /// <summary>
    /// SOI, a quantization table, SOF9 (8 bits, 1 × 1 pixels, one component; arithmetic coding, which needs no tables
    /// of codes), SOS, no data, EOI.
    /// </summary>
    [Fact]
    public async Task The_smallest_picture_is_as_long_as_the_document_says()
    {
        byte[] jpeg =
        [
            0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
            0xFF, 0xC9, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0xFF, 0xD9,
        ];
        var image = Convert.ToBase64String(jpeg);

        var described = services.EdgeApi.Schemas["FrameBody"]!["properties"]!["image"]!;
        Assert.Equal(described["minLength"]!.GetValue<int>(), image.Length);
        Assert.Equal(HttpStatusCode.OK, (await services.Edge.PostJsonAsync(new { image })).StatusCode);
        Assert.Equal(
            HttpStatusCode.BadRequest, (await services.Edge.PostJsonAsync(new { image = image[..^4] })).StatusCode);
    }

    [Fact]
    public void Every_operation_that_takes_something_is_tried_here_or_by_its_answers() => Assert.Equal(
        [
            "/boxes", "/data", "/frame", "/frame.jpg", "/frame/unchanged", "/health", "/health", "/history",
            "/outbox", "/outbox/retry", "/phone/revoke", "/zones", "/zones",
        ],
        services.EdgeApi.Operations.Concat(services.ServerApi.Operations)
            .Where(operation => operation.Parameters.Any() || operation.Bodies.Count > 0)
            .Select(operation => operation.Path).Order(StringComparer.Ordinal));

    private static async Task CheckAsync(
        HttpClient client, PublishedOperation operation, string what, HttpRequestMessage request, int status)
    {
        var sent = request.Content is { } content ? await content.ReadAsStringAsync() : "";
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(
            (int)answer.StatusCode == status,
            $"seed {Seed}: {what}: {(int)answer.StatusCode}, not {status}: {sent[..Math.Min(sent.Length, 300)]}");
        Assert.Equal("", operation.Problems(answer, body));
    }

    private (PublishedApi Api, HttpClient Client) ServiceOf(string service) =>
        service == "edge" ? (services.EdgeApi, services.Edge) : (services.ServerApi, services.Server);
}
