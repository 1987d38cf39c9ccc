using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeCloud.Tests.Server;

/// <summary>GET /history of a running server.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task It_answers_json_and_csv_over_a_restart_and_says_what_is_wrong()
    {
        await using var scene = new ServerScene();
        var now = DateTimeOffset.UtcNow;
        await scene.PublishAsync(Events.Of("edge-1", now.AddMinutes(-10), persons: 3) with { EnergyJoules = 0.25 });
        await scene.PublishAsync(Events.Of("edge-1", now.AddMinutes(-10), persons: 0));
        await scene.PublishAsync(Events.Of("edge-2", now.AddDays(-2), persons: 1));
        await scene.StartServerAsync();
        await scene.StopServerAsync();
        var server = await scene.StartServerAsync();

        var answer = await server.GetFromJsonAsync<JsonElement>("/history?from=-3d&bucket=1h");
        Assert.Equal("1h", answer.GetProperty("bucket").GetString());
        var buckets = answer.GetProperty("buckets");
        Assert.Equal([1, 2], buckets.EnumerateArray().Select(bucket => bucket.GetProperty("frames").GetInt32()));
        Assert.Equal(
            (1.5, 3, 0.25), (buckets[1].GetProperty("persons_average").GetDouble(),
                buckets[1].GetProperty("persons_max").GetInt32(), buckets[1].GetProperty("joules").GetDouble()));
        Assert.True(buckets[1].GetProperty("grams").GetDouble() > 0);

        using var request = new HttpRequestMessage(
            HttpMethod.Get, "/history?from=-3d&to=now&bucket=1h&by=device&device_id=edge-1");
        request.Headers.Add("Accept", "text/csv");
        var file = await server.SendAsync(request);
        Assert.Equal("text/csv", file.Content.Headers.ContentType!.MediaType);
        Assert.Matches(
            "^edgecloud-history-[0-9]{8}T[0-9]{4}Z-[0-9]{8}T[0-9]{4}Z-1h.csv$",
            file.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var lines = (await file.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("start,device_id,frames,unchanged,persons_average,persons_max,", lines[0]);
        Assert.Matches("^[0-9-]+T[0-9]{2}:00:00(Z|[+]00:00),edge-1,2,0,1.5,3,3,0,0.25,", lines[1]);
        Assert.Equal("", lines[2]);
        Assert.Equal(
            "text/csv", (await server.GetAsync("/history?format=csv")).Content.Headers.ContentType!.MediaType);

        var refused = await server.GetAsync("/history?bucket=2m");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("bucket must be 1m, 5m, 1h or 1d", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await server.GetAsync("/history?format=xml")).StatusCode);
    }

    [Theory]
    [InlineData(1e308)]
    [InlineData(-1)]
    public async Task Energy_that_no_frame_takes_counts_as_none(double joules)
    {
        await using var scene = new ServerScene();
        var now = DateTimeOffset.UtcNow;
        foreach (var said in new[] { joules, 0.25, joules })
            await scene.PublishAsync(Events.Of("edge-1", now) with { EnergyJoules = said });
        var server = await scene.StartServerAsync();

        var answer = await server.GetFromJsonAsync<JsonElement>("/history?from=-1h&bucket=1h");

        var buckets = answer.GetProperty("buckets").EnumerateArray();
        Assert.Equal(3, buckets.Sum(bucket => bucket.GetProperty("frames").GetInt32()));
        Assert.Equal(0.25, buckets.Sum(bucket => bucket.GetProperty("joules").GetDouble()));
    }
}
