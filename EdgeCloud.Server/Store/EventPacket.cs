using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Server.Store;

/// <summary>Events of one device that are kept together, as a JSON array of them as they came.</summary>
/// <param name="LastNumber">Of the last event, among all of the device.</param>
/// <param name="Happened">When the latest of them happened.</param>
internal readonly record struct EventPacket(long LastNumber, DateTimeOffset Happened, byte[] Events)
{
    public static byte[] Join(IReadOnlyCollection<CountedEvent> events)
    {
        var joined = new byte[events.Sum(counted => counted.Json.Length) + events.Count + 1];
        joined[0] = (byte)'[';
        var end = 1;
        foreach (var counted in events)
        {
            counted.Json.CopyTo(joined, end);
            end += counted.Json.Length;
            joined[end++] = (byte)',';
        }

        joined[end - 1] = (byte)']';
        return joined;
    }

    /// <returns>The events, those before the first number left out; what their devices date later than the packet, as
    /// of then.</returns>
    public List<RecentEvent> Split(long firstNumber)
    {
        List<RecentEvent> events = [];
        var reader = new Utf8JsonReader(Events);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var json = Events[start..(int)reader.BytesConsumed];
            if (!DetectionEventJson.TrySummarize(json, out var summary, out _))
                continue;
            var time = summary.Timestamp < Happened ? summary.Timestamp : Happened;
            events.Add(new RecentEvent(time, summary, json));
        }

        var first = LastNumber - events.Count + 1;
        var surplus = firstNumber <= first ? 0 : (int)Math.Min(firstNumber - first, events.Count);
        events.RemoveRange(0, surplus);
        return events;
    }
}

/// <param name="Time">When it happened.</param>
internal readonly record struct RecentEvent(DateTimeOffset Time, EventSummary Summary, byte[] Json);
