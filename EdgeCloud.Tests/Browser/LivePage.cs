using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>
/// The live page with a server that says what a test wants it to say: the page's own files, and in place of its
/// EventSource one that the test speaks through.
/// </summary>
internal sealed class LivePage(IPage page)
{
    public const string Edge = "http://live.test:9001/";

    private const string Address = "http://live.test/";

    private const string FakeStream =
        """
        window.opened = 0;
        window.EventSource = class extends EventTarget {
          constructor() { super(); window.opened++; window.stream = this; }
          close() { this.closed = true; }
        };
        window.say = (type, data) => window.stream.dispatchEvent(new MessageEvent(type, { data }));

        """;

    /// <summary>
    /// The page takes a server for gone that is silent for six seconds, and a busy machine may need longer from one
    /// line of a test to the next.
    /// </summary>
    private const string LifeSigns = """setInterval(() => window.stream && !window.stream.closed && """
        + """window.say('events', '{"missed":0,"events":[]}'), 1000);""";

    private static readonly string Files = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <summary>An edge answers pages of any origin.</summary>
    public static readonly Dictionary<string, string> AnyOrigin = new() { ["Access-Control-Allow-Origin"] = "*" };

    private static readonly Dictionary<string, string> MediaTypes = new()
    {
        [".html"] = "text/html",
        [".css"] = "text/css",
        [".js"] = "text/javascript",
        [".svg"] = "image/svg+xml",
    };

    public IPage Page => page;

    public ILocator Body => page.Locator("body");

    /// <param name="still">Whether the page's time, display frames included, goes on only when
    /// the test lets it.</param>
    /// <param name="carbon">The answer to GET /carbon; none, unless the test gives one.</param>
    /// <param name="history">The answer to GET /history; without a frame, unless the test gives one.</param>
    /// <param name="visits">The answer to GET /visits; nobody, unless the test gives one.</param>
    /// <param name="zones">The answer to GET and PUT /zones of the edge at port 9001; 404, unless the test gives
    /// one.</param>
    /// <param name="search">Of the page's address.</param>
    public static async Task<LivePage> OpenAsync(
        IBrowser browser, int width = 1440, ColorScheme scheme = ColorScheme.Light, bool still = false,
        Func<IRoute, Task>? carbon = null, Func<IRoute, Task>? history = null,
        Func<IRoute, Task>? visits = null, Func<IRoute, Task>? zones = null, string search = "")
    {
        var page = await FakeCamera.NewPageAsync(browser, new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
        });
        await page.RouteAsync(Address + "**", AnswerAsync);
        await page.RouteAsync(Address + "carbon", carbon ?? CarbonAnswer.NoneAsync);
        await page.RouteAsync(Address + "history?*", history ?? (static route => route.FulfillAsync(History())));
        await page.RouteAsync(Address + "visits?*", visits ?? (static route => route.FulfillAsync(Visits())));
        await page.RouteAsync(
            Edge + "**", zones ?? (static route => route.FulfillAsync(new() { Status = 404, Headers = AnyOrigin })));
        await page.AddInitScriptAsync(FakeStream + (still ? "" : LifeSigns));
        if (still)
        {
            await page.Clock.InstallAsync(new ClockInstallOptions { TimeDate = DateTime.UtcNow });
            await page.Clock.PauseAtAsync(DateTime.UtcNow.AddMinutes(1));
        }

        await page.GotoAsync(Address + search);
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-connection", "connecting");
        return new LivePage(page);
    }

    /// <summary>A message of the type status, as of a server that has caught up.</summary>
    /// <param name="at">The server's time; now, unless the test depends on it.</param>
    public Task SayStatusAsync(
        object[] devices, Dictionary<string, object?>? stats = null, DateTimeOffset? at = null)
    {
        var all = new Dictionary<string, object?>
        {
            ["events"] = 1234,
            ["duplicates"] = 0,
            ["dead_letters"] = 0,
            ["persons"] = 2345,
            ["devices"] = devices.Length,
            ["devices_online"] = devices.Length,
            ["caught_up"] = true,
            ["replay"] = null,
            ["started_at"] = DateTimeOffset.UtcNow.AddHours(-1),
        };
        foreach (var (key, value) in stats ?? [])
            all[key] = value;
        return SayAsync("status", new { at = at ?? DateTimeOffset.UtcNow, stats = all, devices });
    }

    public Task SayEventsAsync(int missed, params object[] events) => SayAsync("events", new { missed, events });

    public Task LoseConnectionAsync() => page.EvaluateAsync("window.stream.dispatchEvent(new Event('error'))");

    public Task<int> ConnectionsAsync() => page.EvaluateAsync<int>("window.opened");

    public static object Device(string id, string status = "online", int persons = 1, int? outbox = null) => new
    {
        device_id = id,
        status,
        first_seen = DateTimeOffset.UtcNow.AddHours(-1),
        last_seen = DateTimeOffset.UtcNow,
        persons_detected = persons,
        events = 10,
        persons = 12,
        outbox_events = outbox,
    };

    /// <summary>With a box for each person, a quarter of the frame wide and side by side.</summary>
    public static object Event(
        string deviceId, int persons, DateTimeOffset timestamp, long sequence, int freshnessMilliseconds = 50,
        int? outbox = null, string? model = null, string? source = null, int[]? trackIds = null,
        object? zones = null) => new
        {
            device_id = deviceId,
            timestamp,
            persons_detected = persons,
            faces = Enumerable.Range(0, persons)
                .Select(i => new
                {
                    conf = 0.93,
                    xmin = 0.1 + (0.3 * i),
                    ymin = 0.2,
                    width = 0.25,
                    height = 0.4,
                    model,
                    track_id = trackIds?[i],
                }),
            zones,
            event_id = Guid.CreateVersion7(timestamp),
            frame = new { sequence, width = 640, height = 480 },
            outbox_events = outbox,
            source,
            visible_at = timestamp.AddMilliseconds(freshnessMilliseconds),
        };

    /// <summary>The answer of GET /history: the last hour by the minute.</summary>
    public static RouteFulfillOptions History(params object[] buckets) => new()
    {
        ContentType = "application/json",
        Body = JsonSerializer.Serialize(new
        {
            from = DateTimeOffset.UtcNow.AddHours(-1),
            to = DateTimeOffset.UtcNow,
            bucket = "1m",
            buckets,
        }),
    };

    /// <summary>The answer of GET /visits: the last hour.</summary>
    public static RouteFulfillOptions Visits(
        int visits = 0, int present = 0, double? median = null, object[]? zones = null, object[]? crossings = null,
        params object[] items) => new()
        {
            ContentType = "application/json",
            Body = JsonSerializer.Serialize(new
            {
                from = DateTimeOffset.UtcNow.AddHours(-1),
                to = DateTimeOffset.UtcNow,
                visits,
                present,
                dwell_seconds_median = median,
                zones = zones ?? [],
                crossings = crossings ?? [],
                items,
            }),
        };

    /// <param name="minutes">How long it was; null for one that has not ended.</param>
    public static object Visit(string deviceId, int startedMinutesAgo, int? minutes) => new
    {
        presence_id = Guid.NewGuid(),
        device_id = deviceId,
        track_id = startedMinutesAgo,
        started_at = DateTimeOffset.UtcNow.AddMinutes(-startedMinutesAgo),
        last_seen_at = DateTimeOffset.UtcNow.AddMinutes((minutes ?? startedMinutesAgo) - startedMinutesAgo),
        ended = minutes is not null,
        reason = minutes is null ? null : "left",
        dwell_seconds = (minutes ?? startedMinutesAgo) * 60.0,
    };

    public static object Bucket(
        int minutesAgo, double average, int most, string? deviceId = null, int frames = 10) => new
        {
            start = DateTimeOffset.UtcNow.AddMinutes(-minutesAgo),
            device_id = deviceId,
            frames,
            persons_average = average,
            persons_max = most,
        };

    private Task SayAsync(string type, object data) =>
        page.EvaluateAsync("([type, data]) => window.say(type, data)", new[] { type, JsonSerializer.Serialize(data) });

    private static Task AnswerAsync(IRoute route)
    {
        var path = new Uri(route.Request.Url).AbsolutePath;
        if (path == "/data")
            return route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = "[]" });
        var file = Path.Combine(Files, path == "/" ? "index.html" : path[1..]);
        return route.FulfillAsync(
            new RouteFulfillOptions { ContentType = MediaTypes[Path.GetExtension(file)], Path = file });
    }
}
