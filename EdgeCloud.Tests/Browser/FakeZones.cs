using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace EdgeCloud.Tests.Browser;

/// <summary>
/// The zones of an edge: a desk and a door, until a page saves others. Each that are saved have another version.
/// </summary>
internal sealed class FakeZones
{
    private JsonNode _zones = JsonNode.Parse(
        """[{"name":"desk","points":[[0.1,0.2],[0.5,0.2],[0.5,0.9]],"capacity":1}]""")!;

    private JsonNode _lines = JsonNode.Parse("""[{"name":"door","from":[0.7,0.1],"to":[0.7,0.9],"hysteresis":0.3}]""")!;

    /// <summary>What was put, in order.</summary>
    public ConcurrentQueue<JsonNode> Put { get; } = [];

    public int Version { get; private set; } = 1;

    /// <summary>The answer to PUT; null to save.</summary>
    public Func<IRoute, Task>? Refuse { get; set; }

    public static FakeZones Empty() => new() { _zones = new JsonArray(), _lines = new JsonArray() };

    /// <summary>Somebody else saves a zone of this name, in place of all.</summary>
    public void Change(string name)
    {
        _zones[0]!["name"] = name;
        Version++;
    }

    public Task AnswerAsync(IRoute route)
    {
        if (route.Request.Method == "PUT")
        {
            var put = JsonNode.Parse(route.Request.PostData!)!;
            Put.Enqueue(put);
            if (Refuse is { } refuse)
                return refuse(route);
            if (put["version"]!.GetValue<string>() != $"v{Version}")
                return RefusedAsync(route, 409, "The zones have another version.");
            (_zones, _lines) = (put["zones"]!.DeepClone(), put["lines"]!.DeepClone());
            Version++;
        }

        return route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Headers = LivePage.AnyOrigin,
            Body = JsonSerializer.Serialize(new { version = $"v{Version}", zones = _zones, lines = _lines }),
        });
    }

    public static Task RefusedAsync(IRoute route, int status, string detail) => route.FulfillAsync(new()
    {
        Status = status,
        ContentType = "application/problem+json",
        Headers = LivePage.AnyOrigin,
        Body = JsonSerializer.Serialize(new { title = "Refused", detail }),
    });
}
