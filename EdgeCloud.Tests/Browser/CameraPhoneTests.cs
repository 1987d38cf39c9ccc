using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>What the camera page does on a paired phone, whose listener is the test.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CameraPhoneTests(FakeCamera browser)
{
    private const string Listener = "https://192.168.1.20:9443";

    /// <summary>Says which cameras were asked for, and gives each time another one; the page can be hidden.</summary>
    private const string Cameras = """
        window.asked = [];
        window.streams = [];
        navigator.mediaDevices.getUserMedia = async ({ video }) => {
          asked.push(video.facingMode ?? 'by id');
          const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
          canvas.getContext('2d').fillRect(0, 0, 640, 480);
          const stream = canvas.captureStream();
          streams.push({ canvas, track: stream.getVideoTracks()[0] });
          return stream;
        };
        navigator.mediaDevices.enumerateDevices = async () => [];
        window.locks = 0;
        Object.defineProperty(navigator, 'wakeLock', { value: { request: async () => {
          locks++;
          const lock = new EventTarget();
          lock.release = async () => { locks--; lock.dispatchEvent(new Event('release')); };
          window.giveUp = () => lock.release();
          return lock;
        } } });
        window.hide = isHidden => {
          Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
          if (isHidden) giveUp();
          document.dispatchEvent(new Event('visibilitychange'));
        };

        """;

    [Fact]
    public async Task The_button_turns_from_the_front_camera_to_the_back_one_and_that_is_remembered()
    {
        await using var camera = await OpenAsync();
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await camera.Page.Locator("#turn").ClickAsync();
        await Expect(camera.Page.Locator("#overlay")).ToHaveAttributeAsync("data-boxes", "1");

        Assert.Equal(["user", "environment"], await camera.Page.EvaluateAsync<string[]>("asked"));

        await camera.Page.ReloadAsync();
        await Expect(camera.Page.Locator("#turn")).ToBeVisibleAsync();
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        Assert.Equal(["environment"], await camera.Page.EvaluateAsync<string[]>("asked"));
    }

    [Theory]
    [InlineData("Object.defineProperty(streams[0].track, 'muted', { value: true })")]
    [InlineData("streams[0].track.stop(); streams[0].track.dispatchEvent(new Event('ended'))")]
    public async Task After_the_screen_was_locked_the_camera_is_opened_again(string whatLockingDoes)
    {
        await using var camera = await OpenAsync();
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await camera.Page.EvaluateAsync("hide(true)");
        await camera.StateIsAsync("paused");
        await camera.Page.EvaluateAsync(whatLockingDoes);

        await camera.Page.EvaluateAsync("hide(false)");

        await camera.ProcessedAsync(2);
        await camera.StateIsAsync("running");
        Assert.Equal(2, await camera.Page.EvaluateAsync<int>("asked.length"));
        Assert.Equal("ended", await camera.Page.EvaluateAsync<string>("streams[0].track.readyState"));
    }

    [Fact]
    public async Task A_camera_that_a_call_takes_away_is_opened_again()
    {
        await using var camera = await OpenAsync();
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        await camera.Page.EvaluateAsync(
            "streams[0].track.stop(); streams[0].track.dispatchEvent(new Event('ended'))");

        await camera.ProcessedAsync(2);
        await camera.StateIsAsync("running");
    }

    [Fact]
    public async Task The_screen_stays_on_while_it_sends_also_after_it_was_locked()
    {
        await using var camera = await OpenAsync();
        Assert.Equal(0, await LocksAsync(camera));
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        Assert.Equal(1, await LocksAsync(camera));

        await camera.Page.EvaluateAsync("hide(true)");
        Assert.Equal(0, await LocksAsync(camera));
        await camera.Page.EvaluateAsync("hide(false)");
        await camera.ProcessedAsync(2);
        Assert.Equal(1, await LocksAsync(camera));

        await camera.Page.Locator("#stop").ClickAsync();
        await camera.StateIsAsync("idle");
        Assert.Equal(0, await LocksAsync(camera));
    }

    [Fact]
    public async Task A_picture_that_is_turned_is_sent_upright_in_its_new_size()
    {
        await using var camera = await OpenAsync();
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        await camera.Page.EvaluateAsync("""
            Object.assign(streams[0].canvas, { width: 480, height: 640 });
            streams[0].canvas.getContext('2d').fillRect(0, 0, 480, 640);
            new Promise(resolve => live.addEventListener('resize', resolve, { once: true }));
            """);
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);

        Assert.Equal("480 640", await camera.Page.EvaluateAsync<string>("`${frame.width} ${frame.height}`"));
    }

    [Fact]
    public async Task A_page_that_is_no_phones_keeps_the_screen_as_it_is_and_has_no_camera_to_turn()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser, Cameras);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        await Expect(camera.Page.Locator("#turn")).ToBeHiddenAsync();
        Assert.Equal(0, await LocksAsync(camera));
    }

    [Fact]
    public async Task The_page_on_the_edges_machine_shows_the_code_while_the_edge_listens_for_phones()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser, Cameras);
        await Expect(camera.Page.Locator("#phones")).ToBeHiddenAsync();
        camera.Phones = route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "application/json",
            Body = JsonSerializer.Serialize(new
            {
                listening = true,
                addresses = new[] { $"{Listener}/" },
                pairing_address = $"{Listener}/trust#token",
                phones = new[] { new { device_id = "phone-1", name = "Kitchen" } },
            }),
        });

        await camera.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");

        await Expect(camera.Page.Locator("#phones")).ToContainTextAsync(Listener);
        await Expect(camera.Page.Locator("#phones")).ToContainTextAsync("Kitchen (phone-1)");
        await Expect(camera.Page.Locator("#phone-code")).ToHaveAttributeAsync(
            "src", new Regex("^phone/code.svg"));
        Assert.DoesNotContain("token", await camera.Page.Locator("#phones").InnerTextAsync(), StringComparison.Ordinal);
        await camera.Page.Clock.ResumeAsync();
        await Axe.FindsNothingAsync(camera.Page);
    }

    private static Task<int> LocksAsync(CameraPage camera) => camera.Page.EvaluateAsync<int>("locks");

    private async Task<CameraPage> OpenAsync()
    {
        var camera = await CameraPage.OpenAsync(
            browser.Browser, Cameras,
            new BrowserNewContextOptions { ViewportSize = new() { Width = 390, Height = 844 } }, Listener,
            thisPhone: route => route.FulfillAsync(new RouteFulfillOptions
            {
                ContentType = "application/json",
                Body = """{"device_id":"phone-1","name":""}""",
            }));
        await Expect(camera.Page.Locator("#turn")).ToBeVisibleAsync();
        return camera;
    }
}
