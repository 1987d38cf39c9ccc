using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit.Sdk;

namespace EdgeCloud.Tests.Observability;

/// <summary>The Prometheus that the AppHost starts, scraping the running system while devices send to it.</summary>
[Collection(RunningSystemCollection.Name)]
public sealed partial class LivePrometheusTests(RunningSystem system) : IAsyncLifetime
{
    private static readonly TimeSpan BetweenFrames = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _enough = new();
    private readonly PrometheusApi _prometheus = new(system.Prometheus);
    private Task _load = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        await ChildProcess.SucceedAsync(
            ["kcat", "-P", "-b", system.BootstrapServers, "-t", "edge-data", "-k", "broken"], "no event");
        await StayInAZoneAsync();
        _load = Task.WhenAll(Enumerable.Range(1, 3).Select(SendAsync));
    }

    public async Task DisposeAsync()
    {
        await _enough.CancelAsync();
        await _load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _enough.Dispose();
    }

    [Fact]
    public async Task Every_expression_of_every_dashboard_and_rule_has_data()
    {
        string[] wanted =
        [
            .. Dashboard.All.SelectMany(dashboard => dashboard.Expressions.Concat(dashboard.VariableExpressions)),
            .. Rules.Recordings.Select(recording => recording.Text("expr")),
        ];
        var empty = wanted.ToHashSet();
        await NothingIsLeftAsync(async () =>
        {
            foreach (var expression in empty.ToArray())
            {
                if (await _prometheus.CountAsync(expression) > 0)
                    empty.Remove(expression);
            }

            return empty;
        });
    }

    /// <summary>
    /// What asks for a metric that nobody has is quiet for ever, and so is a sum that takes nought for nothing.
    /// </summary>
    [Fact]
    public async Task Every_metric_that_an_expression_names_is_one_that_there_is()
    {
        string[] expressions =
        [
            .. Dashboard.All.SelectMany(dashboard => dashboard.Expressions.Concat(dashboard.VariableExpressions)),
            .. Rules.Recordings.Concat(Rules.Alerts).Select(rule => rule.Text("expr")),
        ];
        var named = expressions.SelectMany(expression =>
            MetricName().Matches(Quoted().Replace(expression, "")).Select(match => match.Value)).Distinct().ToArray();
        string[] known = ["ALERTS", .. MetricsTable.SeriesNames(), .. Rules.Recordings.Select(recording =>
            recording.Text("record"))];

        await NothingIsLeftAsync(async () => [.. named.Except(known).Except(await _prometheus.NamesAsync())]);
        Assert.Contains("edgecloud_frames_total", named);
        Assert.Contains("up", named);
    }

    [Fact]
    public async Task Both_services_are_scraped_without_a_complaint_and_every_rule_works()
    {
        await Eventually.HoldsAsync(
            async () => await _prometheus.TargetsAsync() is var targets
                && targets.Keys.Order().SequenceEqual(["edge", "server"])
                && targets.Values.All(target => target == ("up", "")),
            "both are scraped");
        await Eventually.HoldsAsync(
            async () => await _prometheus.RulesAsync() is var rules
                && rules.Count == Rules.Alerts.Count + Rules.Recordings.Count
                && rules.Values.All(health => health == "ok"),
            "every rule has been evaluated");
    }

    [Fact]
    public async Task An_exemplar_leads_from_a_metric_to_the_trace_of_a_frame()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        await Eventually.HoldsAsync(
            async () =>
            {
                using var frame = new HttpRequestMessage(HttpMethod.Post, "/frame?device_id=traced")
                {
                    Headers = { { "traceparent", $"00-{Trace}-00f067aa0ba902b7-01" } },
                };
                frame.Content = new ByteArrayContent(Photo.Astronaut) { Headers = { ContentType = new("image/jpeg") } };
                using var answer = await system.Edge.SendAsync(frame);
                return (await _prometheus.TraceIdsAsync("http_server_request_duration_seconds_bucket")).Contains(Trace);
            },
            "Prometheus has an exemplar of the trace");
    }

    [Fact]
    public async Task Metrics_of_ours_have_the_labels_that_the_table_says_and_no_others()
    {
        var declared = File.ReadLines(MetricsTable.File).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[4]
                .Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(label => label.Trim('`')).ToHashSet());
        await system.Edge.PostJpegAsync(Photo.Astronaut, "?device_id=labels");

        foreach (var service in new[] { system.Edge, system.Server })
        {
            var exposition = Exposition.Parse(await service.GetStringAsync("/metrics"));
            Assert.All(exposition.Families.Where(family => declared.ContainsKey(family.Name)), family => Assert.Empty(
                family.Samples.SelectMany(sample => sample.Labels.Keys)
                    .Where(label => label != "le" && !label.StartsWith("otel_scope_", StringComparison.Ordinal))
                    .Except(declared[family.Name])));
        }
    }

    private static async Task NothingIsLeftAsync(Func<Task<IReadOnlyCollection<string>>> remaining)
    {
        IReadOnlyCollection<string> left = [];
        try
        {
            await Eventually.HoldsAsync(async () => (left = await remaining()).Count == 0, "nothing is left");
        }
        catch (XunitException)
        {
            Assert.Fail(string.Join('\n', left));
        }
    }

    /// <summary>Somebody who is in a zone of the right half, and is no longer once that lies elsewhere.</summary>
    private async Task StayInAZoneAsync()
    {
        foreach (var x in (string[])["0.2", "0.9"])
        {
            var zones = (await system.Edge.GetFromJsonAsync<JsonObject>("/zones?device_id=prom-1"))!;
            zones["zones"] = JsonNode.Parse($$"""
                [{"name":"hall","points":[[{{x}},0],[1,0],[1,1],[{{x}},1]],"capacity":9}]
                """);
            zones["lines"] = JsonNode.Parse("""[{"name":"door","from":[0.5,0],"to":[0.5,1]}]""");
            using var changed = await system.Edge.PutAsJsonAsync("/zones?device_id=prom-1", zones);
            changed.EnsureSuccessStatusCode();
            using var accepted = await system.Edge.PostJpegAsync(Photo.Astronaut, "?device_id=prom-1");
        }
    }

    private async Task SendAsync(int device)
    {
        using var pace = new PeriodicTimer(BetweenFrames);
        while (await pace.WaitForNextTickAsync(_enough.Token))
        {
            using var accepted = await system.Edge.PostJpegAsync(
                Photo.Astronaut, string.Create(CultureInfo.InvariantCulture, $"?device_id=prom-{device}"));
            using var refused = await system.Edge.PostJpegAsync("no picture"u8.ToArray(), "?device_id=prom-refused");
            using var history = await system.Server.GetAsync("/history");
        }
    }

    [GeneratedRegex(
        "\"[^\"]*\"|\\{[^}]*\\}|\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)"
        + "|\\[[^\\]]*\\]|\\boffset\\s+\\w+")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(?!(?:and|or|unless|bool)\b)[a-zA-Z_][\w:]*\b(?!\s*\()")]
    private static partial Regex MetricName();
}
