using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>
/// The camera page in a browser context of its own. Its edge is the test: the browser asks no network. Its clock stands
/// still until the test lets it run.
/// </summary>
internal sealed class CameraPage(IPage page) : IAsyncDisposable
{
    public const string Edge = "http://localhost:9001";

    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public IPage Page => page;

    /// <summary>What was posted, in order.</summary>
    public ConcurrentQueue<IRequest> Posted { get; } = [];

    /// <summary>What was posted without a picture, in order.</summary>
    public ConcurrentQueue<IRequest> Repeated { get; } = [];

    /// <summary>The answer to POST /frame.</summary>
    public Func<IRoute, Task> Answer { get; set; } = route => FoundAsync(route);

    /// <summary>The answer to POST /frame/unchanged.</summary>
    public Func<IRoute, Task> AnswerRepeated { get; set; } = route => RefusedAsync(route, 404);

    /// <summary>The answer to GET /carbon.</summary>
    public required Func<IRoute, Task> Carbon { get; set; }

    /// <summary>The answer to GET /phone.</summary>
    public Func<IRoute, Task> Phones { get; set; } = route => RefusedAsync(route, 404);

    /// <summary>The answer to GET /this-phone.</summary>
    public required Func<IRoute, Task> ThisPhone { get; set; }

    /// <summary>The answer to GET and PUT /zones.</summary>
    public required Func<IRoute, Task> Zones { get; set; }

    /// <summary>Whether anything answers at the edge's address, apart from frames.</summary>
    public bool IsAlive { get; set; } = true;

    /// <param name="browser">The browser.</param>
    /// <param name="script">Runs before the page's own.</param>
    /// <param name="options">Of the context: the size of the window, the colours.</param>
    /// <param name="origin">Where the page says that it is from.</param>
    /// <param name="carbon">The answer to GET /carbon; none, unless the test gives one.</param>
    /// <param name="thisPhone">The answer to GET /this-phone; 404, unless the test gives one.</param>
    /// <param name="zones">The answer to GET and PUT /zones; 404, unless the test gives one.</param>
    public static async Task<CameraPage> OpenAsync(
        IBrowser browser, string script = "", BrowserNewContextOptions? options = null, string origin = Edge,
        Func<IRoute, Task>? carbon = null, Func<IRoute, Task>? thisPhone = null, Func<IRoute, Task>? zones = null)
    {
        var camera = new CameraPage(await FakeCamera.NewPageAsync(browser, options))
        {
            Carbon = carbon ?? CarbonAnswer.NoneAsync,
            ThisPhone = thisPhone ?? (route => RefusedAsync(route, 404)),
            Zones = zones ?? (route => RefusedAsync(route, 404)),
        };
        await camera.Page.Clock.InstallAsync(new ClockInstallOptions { TimeDate = Noon.AddHours(-1) });
        await camera.Page.Clock.PauseAtAsync(Noon);
        await camera.Page.AddInitScriptAsync(CountPosts + script);
        await camera.Page.RouteAsync($"{origin}/**", camera.RouteAsync);
        await camera.Page.GotoAsync($"{origin}/");
        return camera;
    }

    /// <summary>
    /// What the edge says about one frame: a face, unless the test gives others, and a pose, if it gives one. Which
    /// models found the faces is said for as many as are given, whose tracks they are for all or none.
    /// </summary>
    public static Task FoundAsync(
        IRoute route, int nextFrameMs = 1000, string? delivery = null, int faces = 1, double? poseVisibility = null,
        Gate? gate = null, bool isBlurred = false, int[]? trackIds = null, object? zones = null,
        params string[] models)
    {
        var keypoints = new Dictionary<string, double[]>
        {
            ["right_eye"] = [0.40, 0.30],
            ["left_eye"] = [0.48, 0.30],
            ["nose_tip"] = [0.44, 0.36],
        };
        var found = new
        {
            device_id = "edge-1",
            persons_detected = faces,
            faces = Enumerable.Range(0, faces).Select(i =>
                new
                {
                    conf = 0.93,
                    xmin = 0.35 + (i * 0.2),
                    ymin = 0.2,
                    width = 0.18,
                    height = 0.25,
                    keypoints,
                    model = models.ElementAtOrDefault(i),
                    track_id = trackIds?[i],
                }),
            zones,
            poses = poseVisibility is { } visibility
                ? new[]
                {
                    new
                    {
                        conf = 0.99,
                        landmarks = Enumerable.Range(0, 33)
                            .Select(i => new[] { 0.2 + (i % 8 * 0.08), 0.3 + (i / 8 * 0.1), 0, visibility }),
                    },
                }
                : [],
            event_id = "019b7033-f6d6-7000-8000-0123456789ab",
            frame = new { sequence = gate?.Sequence ?? 1, width = 640, height = 480 },
            unchanged = gate?.IsUnchanged,
            timing_ms = new { decode = 0.9, face = 0.7, pose = 3.8, total = 5.4 },
            next_frame_ms = nextFrameMs,
        };
        var headers = new Dictionary<string, string> { ["content-type"] = "application/json" };
        if (delivery is not null)
            headers["EdgeCloud-Delivery"] = delivery;
        if (gate is not null)
            headers["EdgeCloud-Motion-Gate"] = "threshold=6, max_confirm_ms=5000";
        if (isBlurred)
            headers["EdgeCloud-Blur"] = "faces";
        if (gate?.Spared is { } spared)
            headers["EdgeCloud-Spared"] = spared;
        return route.FulfillAsync(new RouteFulfillOptions
        {
            Body = JsonSerializer.Serialize(found),
            Headers = headers,
        });
    }

    /// <summary>A refusal as the edge writes it.</summary>
    public static Task RefusedAsync(IRoute route, int status, int? retryAfterSeconds = null, string members = "")
    {
        var headers = new Dictionary<string, string> { ["content-type"] = "application/problem+json" };
        if (retryAfterSeconds is { } seconds)
            headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
        return route.FulfillAsync(new RouteFulfillOptions
        {
            Status = status,
            Headers = headers,
            Body = $$"""{"title":"Refused","detail":"The test says no."{{members}}}""",
        });
    }

    /// <summary>As if nothing listened at the edge's address.</summary>
    public Task AwayAsync(IRoute route)
    {
        IsAlive = false;
        return route.AbortAsync("connectionrefused");
    }

    public async Task StartAsync() => await Page.Locator("#start").ClickAsync();

    public Task StateIsAsync(string state) => Expect(Page.Locator("body")).ToHaveAttributeAsync("data-state", state);

    public Task SaysAsync(string text) => Expect(Page.Locator("#status")).ToContainTextAsync(text);

    public Task HasBoxesAsync(int count = 1) => Expect(Page.Locator("#overlay"))
        .ToHaveAttributeAsync("data-boxes", count.ToString(CultureInfo.InvariantCulture));

    public Task PassAsync(int milliseconds) => Page.Clock.RunForAsync(milliseconds);

    /// <summary>
    /// How many frames the page has posted until this very moment, also those that have not arrived anywhere yet.
    /// </summary>
    public Task<int> PostsAsync() => Page.EvaluateAsync<int>("posts");

    /// <summary>So many answers have been shown, and the page sleeps until the next frame.</summary>
    public Task ProcessedAsync(int frames) =>
        Expect(Page.Locator("#processed-total")).ToHaveTextAsync($"{frames} in all");

    public async ValueTask DisposeAsync()
    {
        await Page.UnrouteAllAsync(new PageUnrouteAllOptions { Behavior = UnrouteBehavior.IgnoreErrors });
        await Page.Context.DisposeAsync();
    }

    /// <summary>Counted inside the page, since the test hears of a request only later.</summary>
    private const string CountPosts = """
        window.posts = 0;
        {
          const real = window.fetch;
          window.fetch = (url, init) => {
            posts += new URL(url, location.href).pathname.endsWith('/frame');
            return real(url, init);
          };
        }

        """;

    private Task RouteAsync(IRoute route)
    {
        var path = new Uri(route.Request.Url).AbsolutePath;
        if (path == "/frame")
        {
            Posted.Enqueue(route.Request);
            return Answer(route);
        }

        if (path == "/frame/unchanged")
        {
            Repeated.Enqueue(route.Request);
            return AnswerRepeated(route);
        }

        if (path == "/carbon")
            return Carbon(route);
        if (path == "/phone")
            return Phones(route);
        if (path == "/zones")
            return Zones(route);
        if (path == "/this-phone")
            return ThisPhone(route);
        if (path == "/alive")
            return IsAlive
                ? route.FulfillAsync(new RouteFulfillOptions { Body = "Healthy" })
                : route.AbortAsync("connectionrefused");
        return route.FulfillAsync(new RouteFulfillOptions
        {
            Path = Path.Combine(Repository.Root, "wwwroot-camera", path == "/" ? "camera.html" : path[1..]),
        });
    }
}

/// <summary>What an edge whose motion gate is on says beside.</summary>
/// <param name="Sequence">Of the frame.</param>
/// <param name="IsUnchanged">Whether the models did not look.</param>
/// <param name="Spared">The header, for a frame without its picture.</param>
internal sealed record Gate(int Sequence, bool? IsUnchanged = null, string? Spared = null);
