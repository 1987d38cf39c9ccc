using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeCloud.Server.Live;

/// <summary>
/// <c>{"missed":0,"events":[{…,"visible_at":"…"}]}</c>: events oldest first, byte for byte as they came but for poses, which the live page does not draw and
/// which are most of an event, and with when they became visible here.
/// </summary>
internal static class LiveBatch
{
    public static byte[] Write(IReadOnlyList<LiveEvent> events, int missed)
    {
        using var buffer = new MemoryStream();
        Write(buffer, string.Create(CultureInfo.InvariantCulture, $"{{\"missed\":{missed},\"events\":["));
        for (var i = 0; i < events.Count; i++)
        {
            Write(buffer, i == 0 ? "{" : ",{");
            WriteMembers(buffer, events[i].Json);
            Write(buffer, string.Create(CultureInfo.InvariantCulture, $"\"visible_at\":\"{events[i].VisibleAt.UtcDateTime:O}\"}}"));
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
