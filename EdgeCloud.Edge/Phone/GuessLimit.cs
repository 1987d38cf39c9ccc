using System.Net;
using System.Net.Sockets;
using EdgeCloud.Edge.Devices;

namespace EdgeCloud.Edge.Phone;

/// <summary>
/// How often an address may try a wrong pairing token: ten times at once, then once every six seconds. By address, so
/// that nobody on the network keeps others from pairing. A token of 128 bits is not found by guessing either way; this
/// bounds what guesses cost. Virtual scheduling, as in <see cref="Frames.DeviceRates"/>.
/// </summary>
internal sealed class GuessLimit(TimeProvider time)
{
    public const int AtOnce = 10;

    /// <summary>The most addresses that are remembered.</summary>
    public const int Capacity = 1024;

    /// <summary>A host of IPv6 takes as many addresses of its network as it likes.</summary>
    private const int NetworkBytes = 8;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(6);

    private readonly Lock _lock = new();
    private readonly DeviceTable<TimeSpan> _due = new(Capacity, static due => due);

    public int Count
    {
        get
        {
            lock (_lock)
                return _due.Count;
        }
    }

    /// <summary>Counts a try, unless there were too many.</summary>
    /// <param name="from">Who tries.</param>
    /// <param name="wait">When the result is false, how long until the next try.</param>
    public bool TryAdmit(IPAddress from, out TimeSpan wait)
    {
        var key = KeyOf(from);
        var now = time.GetElapsedTime(0);
        lock (_lock)
        {
            var next = (_due.TryGet(key, out var due) && due > now ? due : now) + Interval;
            wait = next - now - (AtOnce * Interval);
            if (wait > TimeSpan.Zero)
                return false;
            _due.Set(key, next);
            return true;
        }
    }

    /// <summary>Takes back a try that was none, since it was right.</summary>
    public void Forgive(IPAddress from)
    {
        var key = KeyOf(from);
        lock (_lock)
        {
            if (_due.TryGet(key, out var due))
                _due.Set(key, due - Interval);
        }
    }

    private static string KeyOf(IPAddress from)
    {
        var plain = LanNames.Plain(from);
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? plain.ToString()
            : Convert.ToHexString(plain.GetAddressBytes().AsSpan(..NetworkBytes));
    }
}
