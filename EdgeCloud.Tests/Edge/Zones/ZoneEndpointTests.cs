using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Edge.Zones;

/// <summary>GET and PUT /zones of a running edge, and what its events say then.</summary>
public sealed class ZoneEndpointTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    private const string Whole = """[[0,0],[1,0],[1,1],[0,1]]""";

    [Fact]
    public async Task Zones_are_read_changed_and_counted()
    {
        using var measurements =
            new Measurements(edge.Application.Services.GetRequiredService<IMeterFactory>());
        var read = await GetAsync("cam");
        Assert.Equal(("cam", 0, 0), ((string?)read["device_id"], Count(read, "zones"), Count(read, "lines")));

        var changed = await PutAsync("cam", read, $$"""[{"name":"room","points":{{Whole}},"capacity":2}]""");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var zones = await changed.Content.ReadFromJsonAsync<JsonObject>();
        Assert.True(JsonNode.DeepEquals(zones, await GetAsync("cam")));

        using var frame = await edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=cam");
        var answer = await frame.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal("room", (string?)answer!["zones"]!["occupancy"]![0]!["zone"]);
        Assert.Equal(1, (int?)answer["zones"]!["occupancy"]![0]!["persons"]);
        Assert.Equal(1, measurements.Count("edgecloud.zone.persons"));

        using var other = await edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=other");
        Assert.Null((await other.Content.ReadFromJsonAsync<JsonObject>())!["zones"]);

        Assert.Equal(HttpStatusCode.OK, (await PutAsync("cam", zones!, "[]")).StatusCode);
        Assert.Equal(0, Count(await GetAsync("cam"), "zones"));
    }

    [Theory]
    [InlineData("zones", """[{"name":"a","points":[[0,0],[1,0]]}]""", "zones[0].points has 2 corners")]
    [InlineData("zones", """[{"name":"a","points":[[0,0],[1,0],[1,1.5]]}]""", "zones[0].points[2] lies outside")]
    [InlineData("zones", """[{"name":"a","points":[[0,0],[1,1],[1,0],[0,1]]}]""", "crosses itself")]
    [InlineData("zones", """[{"name":"a","points":[[0,0],[1,0],[0.5,0]]}]""", "zones[0].points")]
    [InlineData("zones", """[{"name":" a","points":[[0,0],[1,0],[1,1]]}]""", "zones[0].name breaks the rule")]
    [InlineData("zones", """[{"name":"a","points":[[0,0],[1,0],[1,1]],"capacity":0}]""", "zones[0].capacity is 0")]
    [InlineData("zones", """[{"name":"a","points":[[0,0],[1,0],[1]]}]""", "zones[0].points[2]")]
    [InlineData("zones", """[{"name":"a","points":[[0,0],[1,0],[1,"1"]]}]""", "zones[0].points[2]")]
    [InlineData("zones", """[{"points":[[0,0],[1,0],[1,1]]}]""", "name")]
    [InlineData("zones", """[null]""", "zones[0]")]
    [InlineData("zones", """null""", "zones")]
    [InlineData("zone", """[]""", "zone")]
    [InlineData("lines", """[{"name":"a","from":[0,0],"to":[0,0]}]""", "lines[0] has no length")]
    [InlineData("lines", """[{"name":"a","from":[0,-1],"to":[0,0]}]""", "lines[0].from lies outside")]
    [InlineData("lines", """[{"name":"a","from":[0,0],"to":[0,1],"hysteresis":3}]""", "lines[0].hysteresis is 3")]
    [InlineData(
        "lines", """[{"name":"a","from":[0,0],"to":[0,1]},{"name":"a","from":[1,0],"to":[1,1]}]""",
        "lines[1].name is 'a', as another")]
    [InlineData("version", "null", "version is missing")]
    [InlineData("device_id", "\"another\"", "device_id")]
    public async Task What_is_no_zone_or_line_is_named_and_changes_nothing(string member, string value, string expected)
    {
        var before = await GetAsync("wrong");
        var body = before.DeepClone().AsObject();
        body[member] = JsonNode.Parse(value);
        var answer = await PutAsync("wrong", body.ToJsonString());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Contains(expected, (string)problem!["detail"]!, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(before, await GetAsync("wrong")));
    }

    [Fact]
    public async Task Too_many_zones_and_an_old_version_are_refused()
    {
        var read = await GetAsync("many");
        var tooMany = string.Join(
            ',', Enumerable.Range(0, 17).Select(i => $$"""{"name":"z{{i}}","points":{{Whole}}}"""));
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync("many", read, $"[{tooMany}]")).StatusCode);

        Assert.Equal(
            HttpStatusCode.OK, (await PutAsync("many", read, $$"""[{"name":"a","points":{{Whole}}}]""")).StatusCode);
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await PutAsync("many", read, $$"""[{"name":"b","points":{{Whole}}}]""")).StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_JSON_is_refused()
    {
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await PutAsync("cam", new string(' ', 65 * 1024) + "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync("cam", "{")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync("a b", "{}")).StatusCode);
        using var text = new StringContent("{}", Encoding.UTF8, "text/plain");
        Assert.Equal(
            HttpStatusCode.UnsupportedMediaType, (await edge.Client.PutAsync("/zones", text)).StatusCode);
    }

    [Fact]
    public async Task A_page_from_anywhere_may_change_them()
    {
        using var asking = new HttpRequestMessage(HttpMethod.Options, "/zones");
        asking.Headers.Add("Origin", "null");
        asking.Headers.Add("Access-Control-Request-Method", "PUT");
        asking.Headers.Add("Access-Control-Request-Headers", "content-type");
        using var answer = await edge.Client.SendAsync(asking);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("PUT", answer.Headers.GetValues("Access-Control-Allow-Methods").Single());
    }

    private static int Count(JsonObject zones, string list) => zones[list]!.AsArray().Count;

    private async Task<JsonObject> GetAsync(string device) =>
        (await edge.Client.GetFromJsonAsync<JsonObject>($"/zones?device_id={device}"))!;

    private Task<HttpResponseMessage> PutAsync(string device, JsonObject read, string zones)
    {
        var body = read.DeepClone().AsObject();
        body["zones"] = JsonNode.Parse(zones);
        return PutAsync(device, body.ToJsonString());
    }

    private async Task<HttpResponseMessage> PutAsync(string device, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await edge.Client.PutAsync($"/zones?device_id={Uri.EscapeDataString(device)}", content);
    }
}
