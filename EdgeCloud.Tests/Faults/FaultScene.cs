using System.Globalization;
using System.Text.RegularExpressions;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Outbox;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Faults;

/// <summary>
/// An edge and a server in processes of their own, a broker that keeps its topic whatever happens, and a proxy
/// through which both reach it.
/// </summary>
public sealed partial class FaultScene : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<Guid> _droppedByTheDead = [];
    private Task<EdgeProcess> _edge = null!;
    private ServerProcess _server = null!;

    public FaultScene() => Proxy = new KafkaProxy(Broker.BootstrapServers);

    internal EmbeddedBroker Broker { get; } = new(partitions: 6, DetectionTopic.Name, DetectionTopic.DeadLetterName);

    internal KafkaProxy Proxy { get; }

    /// <summary>The edge; while one is dead, the next.</summary>
    internal Task<EdgeProcess> Edge => Volatile.Read(ref _edge);

    public async Task InitializeAsync()
    {
        _edge = StartEdgeAsync();
        _server = ServerProcess.StartOn($"Data Source={_folder.File("history.db")}", Proxy.BootstrapServers);
        await _edge;
        await _server.IsReadyAsync();
    }

    public async Task DisposeAsync()
    {
        _server.Dispose();
        await (await _edge).DisposeAsync();
        await Proxy.DisposeAsync();
        Broker.Dispose();
        _folder.Dispose();
    }

    internal Traffic TrafficOf(string name) => new(name, async () => (await Edge).Client);

    /// <summary>
    /// Goes off the network. The processes started here have inherited the broker's connections, so that its closing
    /// them does not end them; the proxy does.
    /// </summary>
    internal void BrokerGoesAway()
    {
        Broker.GoAway();
        Proxy.Reset();
    }

    /// <summary>SIGKILL, and another edge on the same outbox.</summary>
    internal async Task KillEdgeAsync()
    {
        var killed = await Edge;
        var next = new TaskCompletionSource<EdgeProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _edge, next.Task);
        await killed.DisposeAsync();
        _droppedByTheDead.UnionWith(Dropped(killed));
        next.SetResult(await StartEdgeAsync());
    }

    /// <summary>SIGKILL, and another server.</summary>
    internal async Task KillServerAsync()
    {
        _server.Dispose();
        _server = ServerProcess.StartOn($"Data Source={_folder.File("history.db")}", Proxy.BootstrapServers);
        await _server.IsReadyAsync();
    }

    /// <summary>How many messages the server has known to be of events that it had counted before.</summary>
    internal async Task<long> DuplicatesAsync() =>
        (await _server.Http.StatsAsync()).GetProperty("duplicates").GetInt64();

    /// <summary>Returns when the edge has dropped so many events since its start, and has logged each.</summary>
    internal Task DropsAsync(int atLeast) => Eventually.HoldsAsync(
        async () =>
        {
            var edge = await Edge;
            var counted = DropCount().Matches(await edge.Client.GetStringAsync("/metrics"))
                .Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
            return counted >= atLeast && counted == Dropped(edge).Count();
        },
        $"{atLeast} events are dropped and all of them logged");

    /// <summary>Accepted = delivered + dropped, in order; and the server knows each event on Kafka once.</summary>
    /// <param name="traffic">What was sent.</param>
    /// <param name="edgeHere">The edge it was sent to, when that is one in this process, whose /metrics show the meters
    /// of every other one in it too.</param>
    internal async Task IsInBalanceAsync(Traffic traffic, EdgeApplication? edgeHere = null)
    {
        await traffic.StopAsync();
        var edge = await Edge;
        if (edgeHere is null)
            await edge.OutboxIsEmptyAsync();
        else
            await Eventually.HoldsAsync(
                () => edgeHere.Services.GetRequiredService<OutboxStore>().Events == 0, "the outbox is empty");
        await DropsAsync(0);

        var dropped = _droppedByTheDead.Union(Dropped(edge)).ToHashSet();
        var messages = TopicReader.ReadToEnd(Broker.BootstrapServers);
        var delivered = messages.DistinctBy(message => message.EventId)
            .ToLookup(message => message.DeviceId, message => message.EventId);
        foreach (var (device, accepted) in traffic.Accepted)
            Assert.Equal(accepted.Where(id => !dropped.Contains(id)), delivered[device].Intersect(accepted));
        Assert.InRange(
            traffic.Accepted.Sum(device => delivered[device.Key].Except(device.Value).Count()), 0, traffic.Unanswered);

        var distinct = delivered.Sum(device => device.Count());
        await _server.Http.SeesAsync("events", distinct);
        await _server.Http.SeesAsync("duplicates", messages.Count - distinct);
        await _server.Http.SeesAsync("dead_letters", 0);
    }

    private static IEnumerable<Guid> Dropped(EdgeProcess edge) =>
        edge.Output.Select(line => DropLine().Match(line))
            .Where(match => match.Success).Select(match => Guid.Parse(match.Groups[1].Value));

    [GeneratedRegex("The event (.+) of .+ is dropped")]
    private static partial Regex DropLine();

    [GeneratedRegex("""(?m)^edgecloud_outbox_dropped_total\{.*\} (\d+)""")]
    private static partial Regex DropCount();

    /// <summary>With the smallest outbox there is, so that it can be filled.</summary>
    private Task<EdgeProcess> StartEdgeAsync() => EdgeProcess.StartAsync(
        Proxy.BootstrapServers, _folder.File("outbox.db"), "--Edge:Events:OutboxMaxBytes=1048576",
        "--Logging:LogLevel:EdgeCloud.Edge.Outbox=Debug");
}
