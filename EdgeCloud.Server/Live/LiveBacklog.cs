using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeCloud.Server.Live;

/// <summary>
/// What waits for one live page. Bounded in number and in bytes: when it is full the oldest goes, and is counted.
/// Thread-safe.
/// </summary>
internal sealed class LiveBacklog(int maxEvents, int maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<LiveEvent> _waiting = [];
    private int _bytes;
    private int _missed;

    public void Add(LiveEvent live)
    {
        lock (_lock)
        {
            _waiting.Enqueue(live);
            _bytes += live.Json.Length;
            while (_waiting.Count > maxEvents || _bytes > maxBytes)
            {
                _bytes -= _waiting.Dequeue().Json.Length;
                _missed++;
            }
        }
    }

    /// <returns>All that waits, the oldest first, and how many went since the last time.</returns>
    public LiveBatch Take()
    {
        lock (_lock)
        {
            var taken = new LiveBatch([.. _waiting], _missed);
            _waiting.Clear();
            (_bytes, _missed) = (0, 0);
            return taken;
        }
    }
}

internal readonly record struct LiveBatch(LiveEvent[] Events, int Missed)
{
    /// <summary>
    /// <c>{"missed":0,"events":[{…,"visible_at":"…"}]}</c>: byte for byte as they came but for poses, which the live
    /// page does not draw and which are most of an event, and with when they became visible here.
    /// </summary>
    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        Write(buffer, string.Create(CultureInfo.InvariantCulture, $"{{\"missed\":{Missed},\"events\":["));
        for (var i = 0; i < Events.Length; i++)
        {
            Write(buffer, i == 0 ? "{" : ",{");
            WriteMembers(buffer, Events[i].Json);
            var visibleAt = Events[i].VisibleAt.UtcDateTime;
            Write(buffer, string.Create(CultureInfo.InvariantCulture, $"\"visible_at\":\"{visibleAt:O}\"}}"));
        }

        Write(buffer, "]}");
        return buffer.ToArray();
    }

    private static void WriteMembers(MemoryStream buffer, byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isDrawn = !reader.ValueTextEquals("poses"u8);
            reader.Skip();
            if (!isDrawn)
                continue;
            buffer.Write(json, start, (int)reader.BytesConsumed - start);
            buffer.WriteByte((byte)',');
        }
    }

    private static void Write(MemoryStream buffer, string text) => buffer.Write(Encoding.UTF8.GetBytes(text));
}
