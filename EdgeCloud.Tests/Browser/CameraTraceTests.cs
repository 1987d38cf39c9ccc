using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed partial class CameraTraceTests(FakeCamera browser)
{
    [Fact]
    public async Task Each_frame_begins_a_trace_of_its_own_and_one_in_twenty_is_sampled()
    {
        const int frames = 21;
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => CameraPage.FoundAsync(route, nextFrameMs: 50);
        await camera.StartAsync();
        for (var frame = 1; frame <= frames; frame++)
        {
            await camera.ProcessedAsync(frame);
            if (frame < frames)
                await camera.PassAsync(50);
        }

        var contexts = camera.Posted.Select(frame => TraceParent().Match(frame.Headers["traceparent"])).ToArray();
        Assert.All(contexts, context => Assert.True(context.Success));
        Assert.Equal(frames, contexts.Select(context => context.Groups["trace"].Value).Distinct().Count());
        Assert.Equal(frames, contexts.Select(context => context.Groups["span"].Value).Distinct().Count());
        Assert.Equal([0, 20], Enumerable.Range(0, frames).Where(i => contexts[i].Groups["flags"].Value == "01"));
        await Expect(camera.Page.Locator("#trace-id")).ToHaveTextAsync(contexts[20].Groups["trace"].Value);
    }

    /// <summary>https://www.w3.org/TR/trace-context/#traceparent-header, version 00.</summary>
    [GeneratedRegex("^00-(?<trace>(?!0{32})[0-9a-f]{32})-(?<span>(?!0{16})[0-9a-f]{16})-(?<flags>00|01)$")]
    private static partial Regex TraceParent();
}
