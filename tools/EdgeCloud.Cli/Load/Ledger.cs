using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeCloud.Cli.Load;

/// <summary>
/// What was accepted and what was seen at the server, by event id, and what became of all other frames. Thread-safe.
/// </summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<Guid, Accepted> _accepted = [];
    private readonly ConcurrentDictionary<Guid, long> _visible = [];
    private readonly ConcurrentDictionary<string, int> _refused = [];

    public IReadOnlyDictionary<Guid, Accepted> AcceptedEvents => _accepted;

    /// <summary>The events seen at the server, each with the timestamp of the first time.</summary>
    public IReadOnlyDictionary<Guid, long> VisibleEvents => _visible;

    /// <summary>How many frames were not accepted, by reason.</summary>
    public IReadOnlyDictionary<string, int> NotAccepted => _refused;

    public void Accept(Guid eventId, Accepted accepted) => _accepted.TryAdd(eventId, accepted);

    public void Refuse(string reason, int frames = 1) =>
        _refused.AddOrUpdate(reason, frames, (_, count) => count + frames);

    public void See(Guid eventId) => _visible.TryAdd(eventId, Stopwatch.GetTimestamp());

    /// <summary>Accepted, and not yet seen at the server.</summary>
    public IEnumerable<Accepted> Outstanding() =>
        _accepted.Where(one => !_visible.ContainsKey(one.Key)).Select(one => one.Value);
}

/// <summary>A frame answered with 200.</summary>
/// <param name="DeviceId">Whose it was.</param>
/// <param name="At">Timestamp of the answer.</param>
/// <param name="Latency">From the time at which it was to be sent to the answer.</param>
/// <param name="StageMilliseconds">Where the edge says it spent its time.</param>
internal sealed record Accepted(
    string DeviceId, long At, TimeSpan Latency, IReadOnlyDictionary<string, double> StageMilliseconds);
