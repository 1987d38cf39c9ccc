using EdgeCloud.Cli.Commands;
using EdgeCloud.Contract;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.Tests.Tools;

/// <summary><c>./edgecloud smoke</c> against a real server and an edge that does as the test says.</summary>
public sealed class SmokeTests(LoadTests.RunningServer running) : IClassFixture<LoadTests.RunningServer>
{
    private const int Good = 0;
    private const int Failed = 1;
    private const int Unreachable = 2;

    [Fact]
    public async Task One_person_whose_event_reaches_the_server_is_good() =>
        Assert.Equal(Good, await SmokeAsync(async (detectionEvent, context) =>
        {
            await running.Scene.PublishAsync(detectionEvent);
            await FakeEdge.AcceptAsync(detectionEvent, context);
        }, waitsInVain: false));

    [Fact]
    public async Task An_event_that_the_server_never_gets_is_not() =>
        Assert.Equal(Failed, await SmokeAsync(FakeEdge.AcceptAsync));

    [Fact]
    public async Task Another_event_of_the_device_does_not_count() =>
        Assert.Equal(Failed, await SmokeAsync(async (detectionEvent, context) =>
        {
            await running.Scene.PublishAsync(Events.Of(detectionEvent.DeviceId, DateTimeOffset.UtcNow));
            await FakeEdge.AcceptAsync(detectionEvent, context);
        }));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Nobody_is_not_one_person_and_two_are_not_either(int persons) =>
        Assert.Equal(Failed, await SmokeAsync(async (detectionEvent, context) =>
        {
            var wrong = Events.Of(detectionEvent.DeviceId, DateTimeOffset.UtcNow, persons);
            await running.Scene.PublishAsync(wrong);
            await FakeEdge.AcceptAsync(wrong, context);
        }));

    [Fact]
    public async Task A_refused_photo_is_not_good() => Assert.Equal(Failed, await SmokeAsync((_, context) =>
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }));

    [Fact]
    public async Task An_answer_that_is_no_event_is_not_good() =>
        Assert.Equal(Failed, await SmokeAsync((_, context) => context.Response.WriteAsync("<html>")));

    [Fact]
    public async Task Nothing_at_the_address_has_an_exit_code_of_its_own() =>
        Assert.Equal(Unreachable, await SmokeCommand.RunAsync(
            new Uri("http://127.0.0.1:1"), running.Server.BaseAddress!, TimeSpan.Zero, CancellationToken.None));

    private async Task<int> SmokeAsync(Func<DetectionEvent, HttpContext, Task> answer, bool waitsInVain = true)
    {
        await using var edge =
            await FakeEdge.StartAsync((_, detectionEvent, context) => answer(detectionEvent, context));
        return await SmokeCommand.RunAsync(
            edge.Address, running.Server.BaseAddress!, TimeSpan.FromSeconds(waitsInVain ? 2 : 60),
            CancellationToken.None);
    }
}
