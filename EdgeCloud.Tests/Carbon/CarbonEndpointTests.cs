using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeCloud.Tests.Carbon;

public sealed class CarbonEndpointTests
{
    private static readonly Dictionary<string, string?> Fixed = new()
    {
        ["Carbon:Source"] = "Fixed",
        ["Carbon:GramsPerKwh"] = "360",
        ["Carbon:Location"] = "mill",
        ["Carbon:ActiveWattsPerCpu"] = "1000",
        ["Carbon:ReservedCpus"] = "0.5",
        ["Edge:Frames:FrameFile"] = "",
        ["Edge:Inference:Pose"] = "Off",
    };

    [Fact]
    public async Task The_edge_says_what_its_frames_have_cost_and_in_the_event_what_this_one_did()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", Fixed);
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        Assert.Equal(JsonValueKind.Null, (await ReportAsync(client)).GetProperty("frames").ValueKind);

        var first = await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync();
        var second = await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync();
        var joules = first.GetProperty("energy_joules").GetDouble() + second.GetProperty("energy_joules").GetDouble();
        Assert.True(joules > 0);

        // More than nothing and less than what the frame's time would allow one thread: 1000 W is 1 J a millisecond.
        Assert.InRange(
            first.GetProperty("energy_joules").GetDouble(), 0.01,
            1.1 * first.GetProperty("timing_ms").GetProperty("total").GetDouble() + 1);

        var report = await ReportAsync(client);
        Assert.Equal("edge", report.GetProperty("component").GetString());
        Assert.Contains(
            report.GetProperty("method").GetString(), new[] { "rapl", "cgroup_v2", "cgroup_v1", "process" });
        var frames = report.GetProperty("frames");
        Assert.Equal(2, frames.GetProperty("count").GetInt32());
        Assert.Equal(joules / 2, frames.GetProperty("joules_each").GetDouble(), 9);

        // 360 g/kWh is 1e-4 g/J.
        Assert.Equal(joules / 2 * 1e-4, frames.GetProperty("marginal_grams_each").GetDouble(), 12);
        Assert.Equal(
            (360, "mill", "fixed", JsonValueKind.Null),
            (report.GetProperty("intensity").GetProperty("grams_per_kwh").GetDouble(),
                report.GetProperty("intensity").GetProperty("location").GetString(),
                report.GetProperty("intensity").GetProperty("source").GetString(),
                report.GetProperty("intensity").GetProperty("age_seconds").ValueKind));
        Assert.Equal((0.5, "settings"), (report.GetProperty("reserved").GetProperty("cpus").GetDouble(),
            report.GetProperty("reserved").GetProperty("from").GetString()));
    }

    [Fact]
    public async Task The_server_says_what_it_uses_and_both_shares_and_scopes_grow()
    {
        await using var scene = new ServerScene();
        var client = await scene.StartServerAsync(
            Fixed.Where(setting => setting.Key.StartsWith("Carbon:", StringComparison.Ordinal)).ToDictionary());
        var before = await ReportAsync(client);
        Assert.Equal("server", before.GetProperty("component").GetString());

        await Eventually.HoldsAsync(async () => Grown(await ReportAsync(client)), "energy and grams have grown");

        bool Grown(JsonElement now) => new[]
        {
            "energy_joules.active.mean",
            "energy_joules.reserved.mean",
            "carbon_grams.operational",
            "carbon_grams.embodied",
        }.All(path => At(now, path) > At(before, path));
    }

    [Fact]
    public async Task The_metrics_have_exactly_the_names_that_the_dashboards_ask_for()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", Fixed);
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var metrics = await client.GetStringAsync("/metrics");

        Assert.Matches("(?m)^edgecloud_energy_joules_total\\{[^}]*component=\"edge\"[^}]*\\} ", metrics);
        Assert.Contains("share=\"active\"", metrics, StringComparison.Ordinal);
        Assert.Contains("share=\"reserved\"", metrics, StringComparison.Ordinal);
        Assert.Matches("(?m)^edgecloud_energy_joules_total\\{[^}]*method=\"", metrics);
        Assert.Matches("(?m)^edgecloud_carbon_grams_total\\{[^}]*scope=\"operational\"", metrics);
        Assert.Matches("(?m)^edgecloud_carbon_grams_total\\{[^}]*scope=\"embodied\"", metrics);
        Assert.Matches("(?m)^edgecloud_frame_energy_joules_total", metrics);
        Assert.Matches(
            "(?m)^edgecloud_carbon_intensity_grams_per_kwh\\{[^}]*location=\"mill\"[^}]*source=\"fixed\"[^}]*\\} 360",
            metrics);
        Assert.Matches("(?m)^edgecloud_carbon_intensity_failures_total", metrics);
    }

    [Fact]
    public async Task The_age_of_an_average_is_a_metric_too()
    {
        await using var edge = new EdgeApplication(
            "127.0.0.1:1",
            new Dictionary<string, string?> { ["Carbon:Location"] = "DE", ["Edge:Frames:FrameFile"] = "" })
        {
            NeverLoads = true,
        };
        var metrics = await edge.CreateClient().GetStringAsync("/metrics");
        Assert.Matches("(?m)^edgecloud_carbon_intensity_age_seconds(\\{[^}]*\\})? [1-9]", metrics);
        Assert.Matches(
            "(?m)^edgecloud_carbon_intensity_grams_per_kwh\\{[^}]*location=\"DE\"[^}]*source=\"average\"[^}]*\\} 381",
            metrics);
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_the_report()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", Fixed) { NeverLoads = true };
        using var document = JsonDocument.Parse(await edge.CreateClient().GetStringAsync("/openapi/v1.json"));
        var schema = document.RootElement.GetProperty("paths")
            .GetProperty("/carbon").GetProperty("get").GetProperty("responses").GetProperty("200")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.EndsWith("CarbonReport", schema.GetProperty("$ref").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            "marginal_grams_each", document.RootElement.GetProperty("components").GetRawText(),
            StringComparison.Ordinal);
    }

    private static Task<JsonElement> ReportAsync(HttpClient client) => client.GetFromJsonAsync<JsonElement>("/carbon");

    private static double At(JsonElement report, string path) =>
        path.Split('.').Aggregate(report, (element, name) => element.GetProperty(name)).GetDouble();
}
