using EdgeCloud.Contract;

namespace EdgeCloud.Server.Store;

/// <summary>
/// What some messages of the presence topic say: it is written at once, with the positions behind them, or not at all.
/// Not thread-safe.
/// </summary>
internal sealed class VisitBatch
{
    private readonly Dictionary<Guid, Visit> _visits = [];
    private readonly Dictionary<int, Position> _positions = [];

    public IReadOnlyDictionary<Guid, Visit> Visits => _visits;

    public IReadOnlyDictionary<int, Position> Positions => _positions;

    public int Messages { get; private set; }

    /// <summary>A message that has been read.</summary>
    /// <param name="partition">Where it lies.</param>
    /// <param name="after">The position behind it.</param>
    /// <param name="presence">Null for one that is no event.</param>
    public void Add(int partition, Position after, PresenceEvent? presence)
    {
        _positions[partition] = after;
        Messages++;
        if (presence is not null)
        {
            _visits[presence.PresenceId] = _visits.TryGetValue(presence.PresenceId, out var visit)
                ? visit.Add(presence)
                : new Visit(presence);
        }
    }

    /// <summary>Whoever writes only goes on, so a position that is not there any more was lost, with what is before
    /// it.</summary>
    /// <param name="before">Positions that were stored.</param>
    /// <param name="stored">Those that are.</param>
    /// <returns>A partition of which that is so; null when it is of none.</returns>
    public static int? Lost(
        IReadOnlyDictionary<int, Position> before, IReadOnlyDictionary<int, Position> stored)
    {
        foreach (var (partition, position) in before)
        {
            if (!stored.TryGetValue(partition, out var there)
                || (there.Log == position.Log && there.Next < position.Next))
                return partition;
        }

        return null;
    }

    public void Clear()
    {
        _visits.Clear();
        _positions.Clear();
        Messages = 0;
    }
}
