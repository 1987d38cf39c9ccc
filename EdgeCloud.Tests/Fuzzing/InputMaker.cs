using System.Text;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>Makes the inputs of a run, each from the seed and its number alone.</summary>
internal sealed class InputMaker(int seed)
{
    public const string RetryPath = "/outbox/retry";

    private const string UnchangedPath = "/frame/unchanged";

    /// <summary>About as many frames as a device sends in a round, so that some name the one looked at last.</summary>
    private const int Frames = 12;

    private const int OddPercent = 3;

    private static readonly string[] Retries =
    [
        """{"all":true}""", """{"all":false,"event_ids":["01a2221b-f7bd-7fb2-9f05-43acd5a92619"]}""",
        """{"event_ids":["01a2221b-f7bd-7fb2-9f05-43acd5a92619","01a2221b-f7bd-7fb2-9f05-43acd5a92619"]}""",
    ];

    private static readonly string[] ContentTypes =
    [
        "", "image/jpeg", "IMAGE/JPEG; a=b", "application/json; charset=utf-16", "application/json;charset=\"\"",
        "text/plain", "image/png", "multipart/form-data; boundary=x", "a/b/c", ";", "application/json, image/jpeg",
    ];

    private static readonly string[] Queries =
    [
        "?device_id=", "?device_id=%00", "?device_id=%ff%fe", "?device_id=a%0d%0aX:%20y",
        "?device_id=fuzz-1&device_id=fuzz-2", "?DEVICE_ID=fuzz-1", "?device_id", "?&&=&==", "?device_id=%zz%",
        "?device_id=" + new string('d', 65), "?device_id=" + new string('d', 64),
        "?device_id=fuzz%2D1&captured_at=2025-12-30", "?captured_at=9999-12-31T23:59:59.9999999-14:00",
        "?captured_at=%ed%a0%80",
    ];

    private static readonly string[] Headers =
    [
        "Expect: 100-continue", "Content-Encoding: gzip", "Range: bytes=0-1", "Origin: null",
        "traceparent: 00-00000000000000000000000000000000-0000000000000000-00",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "baggage: a=%00,b",
        "X-Forwarded-For: 1", "Cookie: =;=", "X: " + new string('x', 8000), "Accept: ;q=2", "Upgrade: h2c",
        "Content-Length: 0", "Transfer-Encoding: gzip",
    ];

    /// <summary>The request with this number.</summary>
    public RequestInput Request(int number)
    {
        var random = RandomOf(2 * number);
        if (random.Next(40) == 0)
            return Retry(random);
        if (random.Next(15) == 0)
            return Unchanged(random);
        var picture = Pick(Corpus.Pictures, random);
        for (var i = random.Next(4); i > 0; i--)
            picture = MutatePicture(picture, random);
        return random.Next(2) == 0 ? Raw(picture, random) : Json(picture, random);
    }

    /// <summary>The Kafka message with this number.</summary>
    public ValueInput Value(int number)
    {
        var random = RandomOf((2 * number) + 1);
        var id = new byte[16];
        random.NextBytes(id);
        var text = Pick(Corpus.Events, random).Replace("EVENT_ID", new Guid(id).ToString(), StringComparison.Ordinal);
        var value = Encoding.UTF8.GetBytes(text);
        for (var i = random.Next(4); i > 0; i--)
        {
            value = random.Next(4) == 0
                ? ByteMutator.Mutate(value, Encoding.UTF8.GetBytes(Pick(Corpus.Events, random)), random)
                : JsonMutator.Mutate(value, random);
        }

        var key = random.Next(10) switch
        {
            0 => null,
            1 => id.Select(one => (byte)(one | 0x80)).ToArray(),
            _ => Encoding.ASCII.GetBytes($"fuzz-{random.Next(1, 9)}"),
        };
        return new ValueInput(key, random.Next(50) switch { 0 => null, 1 => Padded(value, random), _ => value });
    }

    private static byte[] MutatePicture(byte[] picture, Random random)
    {
        var other = Pick(Corpus.Pictures, random);
        if (random.Next(3) == 0 || !Corpus.Pictures.Contains(picture))
            return ByteMutator.Mutate(picture, other, random);
        return JpegMutator.Mutate(picture, other, random);
    }

    private static RequestInput Raw(byte[] picture, Random random)
    {
        var query = IsOdd(random) ? Pick(Queries, random) : $"?device_id=fuzz-{random.Next(1, 9)}";
        return Framed("/frame" + query, IsOdd(random) ? Pick(ContentTypes, random) : "image/jpeg", picture, random);
    }

    private static RequestInput Json(byte[] picture, Random random)
    {
        var prefix = random.Next(2) == 0 ? "data:image/jpeg;base64," : "";
        var text = $$"""
            {"image":"{{prefix}}{{Convert.ToBase64String(picture)}}","device_id":"fuzz-{{random.Next(1, 9)}}",
            "captured_at":"2025-12-30T15:14:34.678870Z","more":[1,{"a":null}]}
            """;
        var body = Encoding.UTF8.GetBytes(
            random.Next(8) == 0 ? text.Replace("/", "\\/", StringComparison.Ordinal) : text);
        for (var i = random.Next(3); i > 0; i--)
            body = random.Next(3) == 0 ? ByteMutator.Mutate(body, body, random) : JsonMutator.Mutate(body, random);
        return Framed("/frame", IsOdd(random) ? Pick(ContentTypes, random) : "application/json", body, random);
    }

    private static RequestInput Retry(Random random) => Small(RetryPath, Pick(Retries, random), random);

    private static RequestInput Unchanged(Random random)
    {
        var eventId = random.Next(4) == 0 ? "\"01a2221b-f7bd-7fb2-9f05-43acd5a92619\"" : "null";
        return Small(
            UnchangedPath, $$"""
            {"sequence":{{random.Next(1, Frames)}},"event_id":{{eventId}},"device_id":"fuzz-{{random.Next(1, 9)}}",
            "captured_at":"2025-12-30T15:14:34.678870Z","more":[1,{"a":null}]}
            """, random);
    }

    private static RequestInput Small(string path, string json, Random random)
    {
        var body = Encoding.UTF8.GetBytes(json);
        for (var i = random.Next(3); i > 0; i--)
            body = random.Next(3) == 0 ? ByteMutator.Mutate(body, body, random) : JsonMutator.Mutate(body, random);
        return Framed(path, IsOdd(random) ? Pick(ContentTypes, random) : "application/json", body, random);
    }

    private static RequestInput Framed(string target, string contentType, byte[] body, Random random)
    {
        var head = new StringBuilder($"POST {target} HTTP/1.1\r\nHost: localhost\r\n");
        if (contentType.Length > 0)
            head.Append($"Content-Type: {contentType}\r\n");
        if (IsOdd(random))
            head.Append(Pick(Headers, random)).Append("\r\n");

        switch (random.Next(20))
        {
            case 0 or 1:
                head.Append("Transfer-Encoding: chunked\r\n\r\n");
                body = Chunked(body, random);
                break;
            case 2 when IsOdd(random):
                string[] lengths =
                    ["-1", "99999999999", "x", $"{body.Length + 1}", $"{body.Length / 2}", "8388609"];
                head.Append(random.Next(7) == 0 ? "" : $"Content-Length: {Pick(lengths, random)}").Append("\r\n\r\n");
                break;
            default:
                head.Append($"Content-Length: {body.Length}\r\n\r\n");
                break;
        }

        var headBytes = Encoding.Latin1.GetBytes(head.ToString());
        if (IsOdd(random))
            headBytes = ByteMutator.Mutate(headBytes, headBytes, random);
        return new RequestInput([.. headBytes, .. body]);
    }

    private static byte[] Chunked(byte[] body, Random random)
    {
        using var chunked = new MemoryStream();
        for (var position = 0; position < body.Length;)
        {
            var length = Math.Min(body.Length - position, 1 << random.Next(14));
            chunked.Write(Encoding.ASCII.GetBytes($"{length:x}{(IsOdd(random) ? ";a=b" : "")}\r\n"));
            chunked.Write(body, position, length);
            chunked.Write("\r\n"u8);
            position += length;
        }

        chunked.Write("0\r\n\r\n"u8);
        return IsOdd(random) ? ByteMutator.Mutate(chunked.ToArray(), body, random) : chunked.ToArray();
    }

    /// <summary>
    /// Up to around the largest message that Kafka takes by default: that is where a dead letter, with its headers, is
    /// larger still.
    /// </summary>
    private static byte[] Padded(byte[] value, Random random)
    {
        var size = random.Next(4) == 0 ? 999_000 - random.Next(2_000) : 1 << random.Next(18);
        var padding = Enumerable.Repeat((byte)' ', Math.Max(0, size - value.Length));
        return [.. value, .. padding, .. random.Next(2) == 0 ? "x"u8 : ""u8];
    }

    private static bool IsOdd(Random random) => random.Next(100) < OddPercent;

    private static T Pick<T>(IReadOnlyList<T> all, Random random) => all[random.Next(all.Count)];

    private Random RandomOf(int number) => new(unchecked((seed * 486_187_739) + number));
}
