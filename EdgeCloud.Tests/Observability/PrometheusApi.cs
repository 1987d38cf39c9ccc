using System.Text.Json.Nodes;

namespace EdgeCloud.Tests.Observability;

/// <summary>A running Prometheus.</summary>
internal sealed class PrometheusApi(HttpClient client)
{
    /// <summary>How many series an expression has now.</summary>
    /// <exception cref="InvalidOperationException">Prometheus does not understand it.</exception>
    public async Task<int> CountAsync(string expression) =>
        (await QueryAsync("query", expression))["result"]!.AsArray().Count;

    /// <summary>The names of all metrics, with the suffixes that Prometheus knows them by.</summary>
    public async Task<IReadOnlySet<string>> NamesAsync() =>
        (await GetAsync("label/__name__/values")).AsArray().Select(name => name!.ToString()).ToHashSet();

    /// <summary>What is scraped, by job: its health and the last error.</summary>
    public async Task<IReadOnlyDictionary<string, (string Health, string Error)>> TargetsAsync() =>
        (await GetAsync("targets"))["activeTargets"]!.AsArray()
            .ToDictionary(target => target!["labels"]!["job"]!.ToString(), target =>
                (target!["health"]!.ToString(), target["lastError"]!.ToString()));

    /// <summary>The health of every rule, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> RulesAsync() =>
        (await GetAsync("rules"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray())
            .ToDictionary(rule => rule!["name"]!.ToString(), rule => rule!["health"]!.ToString());

    /// <summary>Trace ids of the exemplars of a metric.</summary>
    public async Task<IReadOnlyList<string>> TraceIdsAsync(string metric)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var series = await GetAsync(
            $"query_exemplars?query={Uri.EscapeDataString(metric)}&start={now - 3600}&end={now + 60}");
        return [.. series.AsArray().SelectMany(one => one!["exemplars"]!.AsArray())
            .Select(exemplar => exemplar!["labels"]!["trace_id"]!.ToString())];
    }

    private async Task<JsonNode> QueryAsync(string kind, string expression)
    {
        using var form = new FormUrlEncodedContent([new("query", expression)]);
        using var response = await client.PostAsync($"/api/v1/{kind}", form);
        return Data(await response.Content.ReadAsStringAsync());
    }

    private async Task<JsonNode> GetAsync(string path) => Data(await client.GetStringAsync($"/api/v1/{path}"));

    private static JsonNode Data(string answer) =>
        JsonNode.Parse(answer)! is var json && json["status"]!.ToString() == "success"
            ? json["data"]!
            : throw new InvalidOperationException(json["error"]!.ToString());
}
