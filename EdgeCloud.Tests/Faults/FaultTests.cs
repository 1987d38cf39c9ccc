using Confluent.Kafka;

namespace EdgeCloud.Tests.Faults;

/// <summary>
/// Devices post without a pause before, during and after each fault. Afterwards every accepted event is on Kafka, in
/// order per device, or counted as dropped, and the server has counted each once.
/// </summary>
public sealed class FaultTests(FaultScene scene) : IClassFixture<FaultScene>
{
    private const int Frames = 20;
    private const short Produce = 0;
    private const short Fetch = 1;

    private static readonly Dictionary<string, string?> WithoutPoses =
        new() { ["Edge:Inference:Pose"] = "Off", ["Edge:Frames:FrameFile"] = "" };

    [Fact]
    public Task A_broker_that_goes_away_and_comes_back_costs_nothing() => CostsNothingAsync("away", async traffic =>
    {
        scene.BrokerGoesAway();
        await traffic.AreAcceptedAsync(Frames);
        scene.Broker.ComeBack();
    });

    [Fact]
    public Task Connections_reset_in_the_middle_of_requests_and_of_replies_cost_nothing() =>
        CostsNothingAsync("reset", async traffic =>
        {
            var duplicates = await scene.DuplicatesAsync();
            foreach (var apiKey in new[] { Produce, Fetch })
            {
                scene.Proxy.CutRequest(apiKey);
                scene.Proxy.CutReply(apiKey);
            }

            await Eventually.HoldsAsync(() => scene.Proxy.HasCut, "connections have been reset");
            await traffic.AreAcceptedAsync(Frames);
            await Eventually.HoldsAsync(
                async () => await scene.DuplicatesAsync() > duplicates, "the edge has sent again what the broker had");
        });

    [Fact]
    public Task A_broker_that_is_slow_to_reply_costs_nothing() => CostsNothingAsync("slow", async traffic =>
    {
        scene.Proxy.ReplyDelay = TimeSpan.FromMilliseconds(250);
        await traffic.AreAcceptedAsync(Frames);
        scene.Proxy.ReplyDelay = TimeSpan.Zero;
    });

    [Fact]
    public async Task A_broker_that_answers_with_errors_costs_nothing()
    {
        // Kafka takes no batch whose predecessor it has refused; the embedded broker does, so there must
        // not be a second on its way.
        await using var edge =
            new EdgeApplication(scene.Proxy.BootstrapServers, new Dictionary<string, string?>(WithoutPoses)
            {
                ["Aspire:Confluent:Kafka:Producer:Config:MaxInFlight"] = "1",
            });
        await CostsNothingAsync("errors", edge, async traffic =>
        {
            scene.Broker.FailNext(Produce, [.. Errors(
                ErrorCode.NotLeaderForPartition, ErrorCode.NotEnoughReplicas, ErrorCode.RequestTimedOut,
                ErrorCode.TopicAuthorizationFailed, ErrorCode.UnknownTopicOrPart)]);
            scene.Broker.FailNext(Fetch, [.. Errors(
                ErrorCode.NotLeaderForPartition, ErrorCode.LeaderNotAvailable, ErrorCode.UnknownTopicOrPart,
                ErrorCode.RequestTimedOut, ErrorCode.Unknown)]);
            await traffic.AreAcceptedAsync(Frames);
        });

        static IEnumerable<int> Errors(params IEnumerable<ErrorCode> codes) => codes.Select(code => (int)code);
    }

    [Fact]
    public Task An_edge_that_is_killed_costs_nothing() => CostsNothingAsync("edge", async traffic =>
    {
        await scene.KillEdgeAsync();
        await traffic.AreAcceptedAsync(Frames);
        await scene.KillEdgeAsync();
    });

    [Fact]
    public Task An_edge_that_is_killed_with_a_full_outbox_costs_what_it_has_counted_as_dropped() =>
        CostsNothingAsync("full", async traffic =>
        {
            // Nothing on its way, or an event whose confirmation died with the edge would be delivered and counted
            // as dropped by the next.
            await traffic.StopAsync();
            await (await scene.Edge).OutboxIsEmptyAsync();
            scene.BrokerGoesAway();
            traffic.Start();
            await scene.DropsAsync(atLeast: 10);

            // What is logged goes through a queue of the process; it must be out before the process dies.
            await traffic.StopAsync();
            await scene.DropsAsync(atLeast: 10);
            await scene.KillEdgeAsync();
            traffic.Start();

            await scene.DropsAsync(atLeast: 10);
            scene.Broker.ComeBack();
        });

    [Fact]
    public Task A_server_that_is_killed_costs_nothing() => CostsNothingAsync("server", async traffic =>
    {
        await scene.KillServerAsync();
        await traffic.AreAcceptedAsync(Frames);
    });

    [Fact]
    public Task A_disk_that_is_full_for_the_outbox_costs_nothing_that_was_accepted() =>
        CostsNothingAsync("disk", async traffic =>
        {
            var edge = await scene.Edge;
            await edge.LimitFileSizeAsync(4096);
            try
            {
                await traffic.AreRefusedAsync(Frames);
            }
            finally
            {
                await edge.LimitFileSizeAsync(null);
            }
        });

    [Fact]
    public async Task A_clock_that_jumps_by_years_while_events_wait_costs_nothing()
    {
        var clock = new JumpingClock();
        await using var edge = new EdgeApplication(scene.Proxy.BootstrapServers, WithoutPoses) { Time = clock };
        await CostsNothingAsync("clock", edge, async traffic =>
        {
            scene.BrokerGoesAway();
            await traffic.AreAcceptedAsync(Frames);
            clock.Jump(TimeSpan.FromDays(4000));
            await traffic.AreAcceptedAsync(Frames);
            clock.Jump(TimeSpan.FromDays(-8000));
            await traffic.AreAcceptedAsync(Frames);
            scene.Broker.ComeBack();
        });
    }

    private async Task CostsNothingAsync(string devices, Func<Traffic, Task> fault)
    {
        await using var traffic = scene.TrafficOf(devices);
        await CostsNothingAsync(traffic, null, fault);
    }

    private async Task CostsNothingAsync(string devices, EdgeApplication edge, Func<Traffic, Task> fault)
    {
        using var client = edge.CreateClient();
        await edge.ReadyAsync();
        await using var traffic = new Traffic(devices, () => Task.FromResult(client));
        await CostsNothingAsync(traffic, edge, fault);
    }

    private async Task CostsNothingAsync(Traffic traffic, EdgeApplication? edge, Func<Traffic, Task> fault)
    {
        traffic.Start();
        await traffic.AreAcceptedAsync(Frames);
        await fault(traffic);
        await traffic.AreAcceptedAsync(Frames);
        await scene.IsInBalanceAsync(traffic, edge);
    }
}
