using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Server.Store;

/// <summary>
/// What is known of a presence. Whatever order its events come in, and however often, the same is known in the end: an
/// ended one stays ended, and what was seen last stands.
/// </summary>
/// <param name="Newest">The event that says the most.</param>
/// <param name="Reason">Why it ended; null while it has not.</param>
internal sealed record Visit(PresenceEvent Newest, PresenceEnd? Reason)
{
    /// <summary>How the store has zones and crossings.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public Visit(PresenceEvent presence)
        : this(presence, presence.Reason)
    {
    }

    public Visit Add(PresenceEvent presence) => new(
        IsNewer(presence, than: Newest) ? presence : Newest, Reason ?? presence.Reason);

    private static bool IsNewer(PresenceEvent presence, PresenceEvent than)
    {
        var (last, before) = (presence.LastSeenAt.ToUnixMicroseconds(), than.LastSeenAt.ToUnixMicroseconds());
        return last > before || (last == before && presence.Reason is not null && than.Reason is null);
    }
}
