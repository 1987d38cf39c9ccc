using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>What the running services answer, against what their documents say of it.</summary>
[Collection(ServicesCollection.Name)]
public sealed class AnswerTests(ServicesFixture services) : IDisposable
{
    private static readonly byte[] Jpeg = Photo.AstronautAt(128, 128);

    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(1));

    [Theory]
    [InlineData("/data", 200)]
    [InlineData("/data?device_id=old-1", 200)]
    [InlineData("/data?limit=2", 200)]
    [InlineData("/data?limit=0", 400)]
    [InlineData("/data?limit=many", 400)]
    [InlineData("/data?device_id=a%20b", 400)]
    [InlineData("/devices", 200)]
    [InlineData("/history", 200)]
    [InlineData("/history?from=-30d&bucket=1d&time_zone=Europe/Berlin", 200)]
    [InlineData("/history?from=-1h&to=now&bucket=1m&by=device&device_id=old-1,old-2", 200)]
    [InlineData("/history?format=csv", 200)]
    [InlineData("/history?bucket=2m", 400)]
    [InlineData("/history?device_id=a%20b", 400)]
    [InlineData("/history?from=now&to=-1h", 400)]
    [InlineData("/history?format=xml", 400)]
    [InlineData("/stats", 200)]
    [InlineData("/carbon", 200)]
    [InlineData("/health", 200)]
    [InlineData("/health?verbose", 200)]
    [InlineData("/alive", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/asyncapi/v1.json", 200)]
    [InlineData("/schemas/detection-event.json", 200)]
    public async Task The_server_answers_as_its_document_says(string address, int status) =>
        await CheckAsync(services.ServerApi, services.Server, new(HttpMethod.Get, address), status);

    [Theory]
    [InlineData("/boxes?device_id=photo", 200)]
    [InlineData("/boxes?device_id=nobody", 404)]
    [InlineData("/boxes?device_id=a%20b", 400)]
    [InlineData("/frame.jpg?device_id=photo", 200)]
    [InlineData("/frame.jpg?device_id=nobody", 404)]
    [InlineData("/frame.jpg?device_id=", 400)]
    [InlineData("/outbox", 200)]
    [InlineData("/outbox?limit=0", 400)]
    [InlineData("/sources", 200)]
    [InlineData("/zones", 200)]
    [InlineData("/zones?device_id=a%20b", 400)]
    [InlineData("/phone", 200)]
    [InlineData("/phone/code.svg", 404)]
    [InlineData("/carbon", 200)]
    [InlineData("/health", 200)]
    [InlineData("/health?verbose", 200)]
    [InlineData("/alive", 200)]
    [InlineData("/metrics", 200)]
    public async Task The_edge_answers_as_its_document_says(string address, int status) =>
        await CheckAsync(services.EdgeApi, services.Edge, new(HttpMethod.Get, address), status);

    [Fact]
    public void Every_operation_that_is_described_is_asked_here()
    {
        AssertAsked(services.ServerApi, nameof(The_server_answers_as_its_document_says), "/events", "/live");
        AssertAsked(
            services.EdgeApi, nameof(The_edge_answers_as_its_document_says),
            "/frame", "/frame/unchanged", "/outbox/retry", "/phone/revoke");

        static void AssertAsked(PublishedApi api, string test, params string[] elsewhere) => Assert.Equal(
            api.Operations.Select(operation => operation.Path).Distinct().Order(StringComparer.Ordinal),
            typeof(AnswerTests).GetMethod(test)!.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false)
                .Select(data => ((string)((InlineDataAttribute)data).GetData(null!).Single()[0]).Split('?')[0])
                .Concat(elsewhere).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("image/jpeg", "jpeg", 200)]
    [InlineData("image/jpg", "jpeg", 200)]
    [InlineData("application/json", "json", 200)]
    [InlineData("application/json", "jpeg", 400)]
    [InlineData("image/jpeg", "json", 400)]
    [InlineData("image/jpeg", "large", 413)]
    [InlineData("text/plain", "json", 415)]
    public async Task A_frame_is_answered_as_the_document_says(string mediaType, string body, int status) =>
        await CheckAsync(services.EdgeApi, services.Edge, Frame(mediaType, body), status);

    [Theory]
    [InlineData("application/json", """{"sequence":1,"device_id":"repeated"}""", 200)]
    [InlineData("application/json", """{"sequence":99,"device_id":"repeated"}""", 409)]
    [InlineData("application/json", """{"sequence":1,"device_id":"nobody"}""", 409)]
    [InlineData("application/json", "{}", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("image/jpeg", """{"sequence":1}""", 415)]
    public async Task An_unchanged_frame_is_answered_as_the_document_says(string mediaType, string body, int status)
    {
        // The first frame that shows it is looked at, and none after it.
        using var looked = await services.Edge.PostJpegAsync(Jpeg, "?device_id=repeated");
        await CheckAsync(services.EdgeApi, services.Edge, Unchanged(body, mediaType), status);
    }

    [Fact]
    public async Task An_unchanged_frame_of_too_many_bytes_is_answered_as_the_document_says() => await CheckAsync(
        services.EdgeApi, services.Edge, Unchanged(new string(' ', 16 * 1024) + "{}", "application/json"), 413);

    [Theory]
    [InlineData("application/json", """{"all":true}""", 200)]
    [InlineData("application/json", "{}", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", """{"event_ids":["01a2221b-f7bd-7fb2-9f05-43acd5a92619"]}""", 404)]
    [InlineData("text/plain", """{"all":true}""", 415)]
    [InlineData("application/json;charset=\"\"", """{"all":true}""", 415)]
    [InlineData("application/json;charset=\"UTF-8\"", """{"all":true}""", 200)]
    public async Task A_retry_is_answered_as_the_document_says(string mediaType, string body, int status) =>
        await CheckAsync(services.EdgeApi, services.Edge, Retry(body, mediaType), status);

    [Fact]
    public async Task A_retry_of_too_many_bytes_is_answered_as_the_document_says() => await CheckAsync(
        services.EdgeApi, services.Edge, Retry(new string(' ', 65 * 1024) + "{}", "application/json"), 413);

    [Theory]
    [InlineData("application/json", """{"version":"current","zones":[]}""", 200)]
    [InlineData("application/json", """{"version":"another","zones":[]}""", 409)]
    [InlineData("application/json", """{"zones":[{}]}""", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("text/plain", "{}", 415)]
    public async Task A_change_of_zones_is_answered_as_the_document_says(string mediaType, string body, int status)
    {
        var current = EdgeCloud.Edge.Zones.ZoneMap.None.Version;
        var request = Post("/zones", body.Replace("current", current, StringComparison.Ordinal), mediaType);
        request.Method = HttpMethod.Put;
        await CheckAsync(services.EdgeApi, services.Edge, request, status);
    }

    [Fact]
    public async Task A_change_of_zones_of_too_many_bytes_is_answered_as_the_document_says()
    {
        var request = Post("/zones", new string(' ', 65 * 1024) + "{}", "application/json");
        request.Method = HttpMethod.Put;
        await CheckAsync(services.EdgeApi, services.Edge, request, 413);
    }

    [Theory]
    [InlineData("GET", "/phone", 403)]
    [InlineData("POST", "/phone", 403)]
    [InlineData("DELETE", "/phone", 403)]
    [InlineData("GET", "/phone/code.svg", 403)]
    [InlineData("POST", "/phone/revoke", 403)]
    public async Task A_page_from_elsewhere_is_answered_as_the_document_says(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", "https://elsewhere.example");
        await CheckAsync(services.EdgeApi, services.Edge, request, status);
    }

    [Theory]
    [InlineData("POST", "/phone", 200)]
    [InlineData("POST", "/phone/revoke", 200)]
    [InlineData("POST", "/phone/revoke?device_id=nobody", 404)]
    [InlineData("DELETE", "/phone", 200)]
    public async Task What_is_asked_of_the_listener_for_phones_is_answered_as_the_document_says(
        string method, string path, int status) =>
        await CheckAsync(services.EdgeApi, services.Edge, new(new HttpMethod(method), path), status);

    [Fact]
    public async Task The_code_for_phones_is_answered_as_the_document_says()
    {
        using var opened = await services.Edge.PostAsync("/phone", null);
        await CheckAsync(services.EdgeApi, services.Edge, new(HttpMethod.Get, "/phone/code.svg"), 200);
        using var closed = await services.Edge.DeleteAsync("/phone");
    }

    [Fact]
    public async Task A_frame_too_many_is_answered_as_the_document_says()
    {
        using var busy = await services.BusyAsync();
        await CheckAsync(services.EdgeApi, services.Edge, Frame("image/jpeg", "jpeg"), 429);
        await CheckAsync(services.EdgeApi, services.Edge, Unchanged("""{"sequence":1}""", "application/json"), 429);
    }

    [Fact]
    public async Task An_edge_without_models_answers_as_the_document_says()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
        {
            ["Edge:Frames:FrameFile"] = "",
        })
        {
            NeverLoads = true,
        };
        var client = edge.CreateClient();
        await CheckAsync(services.EdgeApi, client, Frame("image/jpeg", "jpeg"), 503);
        await CheckAsync(services.EdgeApi, client, Unchanged("""{"sequence":1}""", "application/json"), 503);
        await CheckAsync(services.EdgeApi, client, new(HttpMethod.Get, "/health"), 503);
        await CheckAsync(services.EdgeApi, client, new(HttpMethod.Get, "/carbon"), 200);
    }

    /// <summary>Not with an HTTP client, which reads an answer only when it has sent its request.</summary>
    [Fact]
    public async Task A_frame_that_takes_too_long_is_answered_as_the_document_says()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
        {
            ["Edge:Frames:FrameFile"] = "",
            ["Edge:Frames:RequestTimeout"] = "00:00:00.500",
        });
        using var client = edge.CreateClient();
        await edge.ReadyAsync();
        await using var slow = await RawConnection.PostAsync(client.BaseAddress!, "Content-Length: 1000000");
        var read = await slow.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 408 ", read, StringComparison.Ordinal);
        var body = Encoding.Latin1.GetBytes(read[read.IndexOf('{')..(read.LastIndexOf('}') + 1)]);
        using var answer = new HttpResponseMessage(HttpStatusCode.RequestTimeout)
        {
            Content = new ByteArrayContent(body),
        };
        Assert.Contains("Content-Type: application/problem+json", read, StringComparison.Ordinal);
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/problem+json");
        Assert.Equal("", services.EdgeApi.Operation("POST", "/frame").Problems(answer, body));
    }

    [Fact]
    public async Task A_server_that_has_not_caught_up_answers_as_the_document_says()
    {
        await using var scene = new ServerScene();
        scene.Broker.GoAway();
        var server = scene.LaunchServer();
        await CheckAsync(services.ServerApi, server, new(HttpMethod.Get, "/health"), 503);
        await CheckAsync(services.ServerApi, server, new(HttpMethod.Get, "/stats"), 200);
        await CheckAsync(services.ServerApi, server, new(HttpMethod.Get, "/data"), 200);
    }

    [Fact]
    public async Task Too_many_headers_are_answered_as_the_document_says()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/devices");
        for (var i = 0; i <= 50; i++)
            request.Headers.Add($"X-{i}", "x");
        await CheckAsync(services.ServerApi, services.Server, request, 431);
    }

    [Theory]
    [InlineData("/events", "detection")]
    [InlineData("/live", "events")]
    public async Task A_stream_has_the_items_that_its_document_describes(string path, string awaited)
    {
        using var answer = await services.Server.GetAsync(
            path, HttpCompletionOption.ResponseHeadersRead, _end.Token);
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync(_end.Token));
        var read = new StringBuilder();
        var sent = false;
        while (!read.ToString().Contains($"event: {awaited}\n", StringComparison.Ordinal)
            || !read.ToString().EndsWith("\n\n", StringComparison.Ordinal))
        {
            read.Append(await stream.ReadLineAsync(_end.Token)).Append('\n');
            if (!sent && read.ToString().EndsWith("\n\n", StringComparison.Ordinal))
            {
                await services.Scene.PublishAsync(Events.Of("stream-1", DateTimeOffset.UtcNow));
                sent = true;
            }
        }

        Assert.True(PublishedOperation.Items(read.ToString()).GetArrayLength() > 1);
        Assert.Equal("", services.ServerApi.Operation("GET", path).Problems(
            answer, Encoding.UTF8.GetBytes(read.ToString())));
    }

    [Fact]
    public async Task An_answer_that_the_document_does_not_describe_is_found()
    {
        var operation = services.EdgeApi.Operation("GET", "/boxes");
        using var answer = await services.Edge.GetAsync("/boxes?device_id=photo");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("timestamp", Problems("\"timestamp\"", "\"time\""), StringComparison.Ordinal);
        Assert.Contains("nose_tip", Problems("\"nose_tip\":[", "\"nose_tip\":[0.5,"), StringComparison.Ordinal);
        answer.StatusCode = HttpStatusCode.Gone;
        Assert.Contains("410 with application/json is not described", Problems("", ""), StringComparison.Ordinal);
        answer.StatusCode = HttpStatusCode.InternalServerError;
        Assert.Contains("500 is not described", Problems("", ""), StringComparison.Ordinal);

        string Problems(string part, string replacement) => operation.Problems(
            answer,
            Encoding.UTF8.GetBytes(part == "" ? text : text.Replace(part, replacement, StringComparison.Ordinal)));
    }

    public void Dispose() => _end.Dispose();

    private static HttpRequestMessage Frame(string mediaType, string body)
    {
        var content = new ByteArrayContent(body switch
        {
            "jpeg" => Jpeg,
            "large" => new byte[2_000_001],
            _ => Encoding.ASCII.GetBytes($$"""{"image":"{{Convert.ToBase64String(Jpeg)}}"}"""),
        });
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpRequestMessage(HttpMethod.Post, "/frame") { Content = content };
    }

    private static HttpRequestMessage Retry(string body, string contentType) =>
        Post("/outbox/retry", body, contentType);

    private static HttpRequestMessage Unchanged(string body, string contentType) =>
        Post("/frame/unchanged", body, contentType);

    private static HttpRequestMessage Post(string path, string body, string contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    private static async Task CheckAsync(
        PublishedApi api, HttpClient client, HttpRequestMessage request, int status)
    {
        var path = request.RequestUri!.OriginalString.Split('?')[0];
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True((int)answer.StatusCode == status, $"{answer.StatusCode} {Encoding.UTF8.GetString(body)}");
        Assert.Equal("", api.Operation(request.Method.Method, path).Problems(answer, body));
    }
}
