using System.Globalization;

namespace EdgeCloud.Tests.Observability;

/// <summary>What both services really answer, held against OpenMetrics 1.0 and Prometheus' text format 0.0.4.</summary>
[Collection(RunningSystemCollection.Name)]
public sealed class ExpositionTests(RunningSystem system)
{
    private const string Text = "text/plain;version=0.0.4";
    private const string OpenMetrics = "application/openmetrics-text;version=1.0.0";

    /// <summary>OpenMetrics, "Exemplars": names and values of the labels together.</summary>
    private const int MaxExemplarCharacters = 128;

    public static TheoryData<string, string> ServicesAndFormats =>
        new() { { "edge", Text }, { "edge", OpenMetrics }, { "server", Text }, { "server", OpenMetrics } };

    public static TheoryData<string> Services => ["edge", "server"];

    /// <summary>What Prometheus 2 sends, what Prometheus 3 sends, a browser, curl, and nothing.</summary>
    [Theory]
    [InlineData(
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
        + "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("text/plain;version=0.0.4", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8")]
    public async Task Who_asks_gets_the_format_it_reads(string accept, string contentType)
    {
        foreach (var service in new[] { system.Edge, system.Server })
        {
            using var response = await ScrapeAsync(service, accept);
            Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(ServicesAndFormats))]
    public async Task The_text_is_of_the_format(string service, string format)
    {
        var exposition = await ReadAsync(service, format);

        Assert.Equal(format == OpenMetrics, exposition.IsOpenMetrics);
        Assert.All(exposition.Families, family =>
        {
            Assert.Contains(family.Type, new[] { "counter", "gauge", "histogram", "info" });
            Assert.NotEmpty(family.Samples);
            Assert.Distinct(family.Samples.Select(sample => $"{sample.Name}{{{sample.LabelsBut("")}}}"));
            Assert.True(
                family.Unit is null || family.Name.EndsWith($"_{family.Unit}", StringComparison.Ordinal),
                $"{family.Name} does not end with its unit {family.Unit}.");
        });
    }

    [Theory]
    [MemberData(nameof(ServicesAndFormats))]
    public async Task Counters_never_fall_below_nought_and_say_that_they_are_totals(
        string service, string format) => Assert.All(
            (await ReadAsync(service, format)).Families
                .Where(family => family.Type == "counter").SelectMany(family => family.Samples),
            sample =>
            {
                Assert.True(sample.Value >= 0, $"{sample.Name} is {sample.Value}.");
                Assert.True(
                    sample.Name.EndsWith("_total", StringComparison.Ordinal)
                    || (format == OpenMetrics && sample.Name.EndsWith("_created", StringComparison.Ordinal)),
                    sample.Name);
            });

    [Theory]
    [MemberData(nameof(ServicesAndFormats))]
    public async Task Buckets_ascend_to_infinity_which_holds_all(string service, string format) => Assert.All(
        (await ReadAsync(service, format)).Families.Where(family => family.Type == "histogram"), family =>
            Assert.All(
                family.Samples.Where(sample => sample.Name != $"{family.Name}_created")
                    .GroupBy(sample => sample.LabelsBut("le")), series =>
                    {
                        var buckets = series.Where(sample => sample.Name == $"{family.Name}_bucket").ToArray();
                        var bounds = buckets.Select(bucket => bucket.Labels["le"] == "+Inf"
                            ? double.PositiveInfinity
                            : double.Parse(bucket.Labels["le"], CultureInfo.InvariantCulture)).ToArray();
                        Assert.Equal(bounds.Order(), bounds);
                        Assert.Equal(double.PositiveInfinity, bounds[^1]);
                        Assert.Equal(
                            buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
                        Assert.Equal(buckets[^1].Value, Assert.Single(
                            series, sample => sample.Name == $"{family.Name}_count").Value);
                        Assert.Single(series, sample => sample.Name == $"{family.Name}_sum");
                    }));

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Exemplars_are_where_they_may_be_and_lead_to_a_trace(string service)
    {
        var exposition = await ReadAsync(service, OpenMetrics);
        Assert.All(
            exposition.Families.SelectMany(family => family.Samples).Where(sample => sample.Exemplar is not null),
            sample =>
            {
                Assert.True(
                    sample.Name.EndsWith("_total", StringComparison.Ordinal)
                    || sample.Name.EndsWith("_bucket", StringComparison.Ordinal),
                    $"{sample.Name} may have no exemplar.");
                Assert.Matches("^[0-9a-f]{32}$", sample.Exemplar!["trace_id"]);
                Assert.Matches("^[0-9a-f]{16}$", sample.Exemplar["span_id"]);
                Assert.InRange(
                    sample.Exemplar.Sum(label => label.Key.Length + label.Value.Length), 1, MaxExemplarCharacters);
            });
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Both_formats_have_the_same_series(string service)
    {
        var text = await ReadAsync(service, Text);
        var openMetrics = await ReadAsync(service, OpenMetrics);

        Assert.Empty(Series(text).Except(Series(openMetrics)));

        static IEnumerable<string> Series(Exposition exposition) =>
            exposition.Families.SelectMany(family => family.Samples)
                .Where(sample => !sample.Name.EndsWith("_created", StringComparison.Ordinal))
                .Select(sample => $"{sample.Name}{{{sample.LabelsBut("le")}}}").Distinct();
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task The_first_family_says_which_service_it_is_and_every_other_series_which_meter(string service)
    {
        var exposition = await ReadAsync(service, Text);
        var target = exposition.Families[0];
        Assert.Equal(("target_info", "gauge"), (target.Name, target.Type));
        Assert.Equal(service, Assert.Single(target.Samples).Labels["service_name"]);
        Assert.NotEmpty(target.Samples[0].Labels["service_instance_id"]);
        Assert.All(exposition.Families.Skip(1).SelectMany(family => family.Samples), sample =>
            Assert.NotEmpty(sample.Labels["otel_scope_name"]));
    }

    /// <summary>
    /// promtool ends with 1 for what it cannot read, with 3 for names that it would choose otherwise.
    /// </summary>
    [Theory]
    [MemberData(nameof(Services))]
    public async Task Prometheus_own_tool_can_read_it(string service)
    {
        using var response = await ScrapeAsync(Of(service), Text);
        var metrics = await response.Content.ReadAsStringAsync();
        var promtool = await ChildProcess.RunAsync(["promtool", "check", "metrics"], metrics);
        Assert.True(promtool.ExitCode is 0 or 3, promtool.Text);
    }

    private async Task<Exposition> ReadAsync(string service, string accept)
    {
        await system.Edge.PostJpegAsync(Photo.Astronaut, "?device_id=exposition");
        using var response = await ScrapeAsync(Of(service), accept);
        return Exposition.Parse(await response.Content.ReadAsStringAsync());
    }

    private HttpClient Of(string service) => service == "edge" ? system.Edge : system.Server;

    private static async Task<HttpResponseMessage> ScrapeAsync(HttpClient client, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return response;
    }
}
