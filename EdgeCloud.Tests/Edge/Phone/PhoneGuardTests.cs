using System.Net;
using System.Net.Http.Json;

namespace EdgeCloud.Tests.Edge.Phone;

public sealed class PhoneGuardTests(PhoneScene scene) : IClassFixture<PhoneScene>
{
    /// <summary>What the edge has elsewhere, what phones may ask, and what there is not.</summary>
    public static TheoryData<string> Guarded =>
    [
        "/", "/camera.html", "/js/page.js", "/health", "/alive", "/metrics", "/carbon", "/frame.jpg", "/boxes",
        "/outbox", "/phone", "/phone/code.svg", "/openapi/v1.json", "/scalar", "/this-phone", "/trust/", "/trust/x",
        "/Trust", "/trust/../health", "/trust%2f..%2fhealth", "/nowhere",
    ];

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Without_a_token_nothing_answers_but_the_trust_page(string path)
    {
        using var phone = scene.Phone();
        using var answer = await phone.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/frame")]
    [InlineData("/frame/unchanged")]
    [InlineData("/outbox/retry")]
    [InlineData("/phone")]
    [InlineData("/phone/revoke")]
    public async Task Without_a_token_nothing_is_taken(string path)
    {
        using var phone = scene.Phone();
        using var answer = await phone.PostAsJsonAsync(path, new { all = true });

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/trust", "text/html")]
    [InlineData("/trust/authority.crt", "application/x-x509-ca-cert")]
    [InlineData("/trust.css", "text/css")]
    [InlineData("/theme.css", "text/css")]
    [InlineData("/icon.svg", "image/svg+xml")]
    [InlineData("/js/trust.js", "text/javascript")]
    public async Task The_trust_page_answers_everybody(string path, string mediaType)
    {
        using var phone = scene.Phone();
        using var answer = await phone.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(
            "PRIVATE KEY", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/metrics")]
    [InlineData("/carbon")]
    [InlineData("/frame.jpg")]
    [InlineData("/boxes")]
    [InlineData("/outbox")]
    [InlineData("/phone")]
    [InlineData("/phone/code.svg")]
    [InlineData("/openapi/v1.json")]
    public async Task A_paired_phone_finds_only_what_it_needs(string path)
    {
        var (phone, _) = await scene.PairedAsync();
        using var answer = await phone.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);

        using var page = await phone.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var post = await phone.PostAsync("/outbox/retry", JsonContent.Create(new { all = true }));
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ärger")]
    public async Task A_wrong_token_pairs_nothing(string token)
    {
        using var phone = scene.Phone();
        using var answer = await PhoneScene.PairAsync(phone, token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await phone.GetAsync("/this-phone")).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost")]
    [InlineData("null")]
    public async Task A_page_from_elsewhere_is_refused_though_the_phone_is_paired(string origin)
    {
        var (phone, _) = await scene.PairedAsync();
        (string, string)[] asked = [("GET", "/"), ("POST", "/frame"), ("OPTIONS", "/frame"), ("GET", "/trust")];
        foreach (var (method, path) in asked)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Add("Origin", origin);
            if (method == "OPTIONS")
                request.Headers.Add("Access-Control-Request-Method", "POST");
            using var answer = await phone.SendAsync(request);

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Its_own_page_may_ask()
    {
        var (phone, _) = await scene.PairedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/this-phone");
        request.Headers.Add("Origin", scene.Address.GetLeftPart(UriPartial.Authority));
        using var answer = await phone.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("203.0.113.7")]
    [InlineData("localhost.evil.example")]
    public async Task Another_name_than_those_of_the_certificate_is_refused(string host)
    {
        using var phone = scene.Phone(goesOn: true);
        foreach (var path in new[] { "/", "/trust", "/this-phone" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            using var answer = await phone.SendAsync(request);

            Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_phone_sends_as_its_own_device_and_as_no_other()
    {
        var (phone, deviceId) = await scene.PairedAsync();
        var image = Convert.ToBase64String(Photo.Astronaut);

        using var unnamed = await phone.PostJpegAsync(Photo.Astronaut);
        Assert.Equal(deviceId, (await unnamed.EventAsync()).GetProperty("device_id").GetString());
        using var named = await phone.PostJsonAsync(new { image, device_id = deviceId });
        Assert.Equal(deviceId, (await named.EventAsync()).GetProperty("device_id").GetString());

        using var asOther = await phone.PostJsonAsync(new { image, device_id = "edge-1" });
        Assert.Equal(HttpStatusCode.Forbidden, asOther.StatusCode);
        using var asJpeg = await phone.PostJpegAsync(Photo.Astronaut, "?device_id=edge-1");
        Assert.Equal(HttpStatusCode.Forbidden, asJpeg.StatusCode);
        using var unchanged = await phone.PostUnchangedAsync(new { sequence = 1, device_id = "edge-1" });
        Assert.Equal(HttpStatusCode.Forbidden, unchanged.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Edge.GetAsync("/boxes?device_id=edge-1")).StatusCode);
    }

    [Fact]
    public async Task The_cookie_is_for_this_listener_over_HTTPS_and_for_no_script_or_other_page()
    {
        using var phone = scene.Phone();
        using var answer = await PhoneScene.PairAsync(phone, await scene.TokenAsync());

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
        foreach (var attribute in new[] { "secure", "httponly", "samesite=strict", "path=/" })
            Assert.Contains($"; {attribute}", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(await scene.TokenAsync(), cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_is_scanned_again_keeps_the_device()
    {
        var (phone, deviceId) = await scene.PairedAsync();
        using var again = await PhoneScene.PairAsync(phone, await scene.TokenAsync());
        Assert.Equal(deviceId, (await again.EventAsync()).GetProperty("device_id").GetString());

        var (_, other) = await scene.PairedAsync();
        Assert.NotEqual(deviceId, other);
    }
}
