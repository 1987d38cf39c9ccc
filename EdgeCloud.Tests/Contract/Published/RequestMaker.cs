using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeCloud.Tests.Fuzzing;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>
/// Requests made from what a document says of an operation alone, but for pictures: those that keep to it, and those
/// that break it in one place.
/// </summary>
internal sealed class RequestMaker(PublishedOperation operation, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The id that every request that keeps to the document names, where it names one.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The event that every request without a picture names, where there is one.</summary>
    public JsonElement? Repeated { get; init; }

    /// <returns>With what it is, for whoever reads that it failed.</returns>
    public (string What, HttpRequestMessage Request) Valid()
    {
        var query = operation.Parameters.Where(_ => _random.Next(2) == 0)
            .Select(parameter => (Name(parameter), Text(Value(Name(parameter), parameter["schema"]!)))).ToArray();
        var media = operation.Bodies.Select(body => body.Key).ToArray();
        if (media.Length == 0)
            return Request(query, null);
        var chosen = media[_random.Next(media.Length)];
        return Request(query, chosen == "application/json" ? Content(Body()) : Picture(chosen));
    }

    /// <returns>A request for each way in which one part can break the document, and the status for it.</returns>
    public IEnumerable<(string What, HttpRequestMessage Request, int Status)> Broken()
    {
        foreach (var parameter in operation.Parameters)
        {
            foreach (var broken in BrokenTexts(parameter["schema"]!))
            {
                // Of a body in JSON only detail is read in the query.
                var content = operation.Bodies.ContainsKey("image/jpeg") ? Picture("image/jpeg") : null;
                yield return With(Request([(Name(parameter), broken)], content), 400);
            }
        }

        if (operation.Bodies["application/json"]?["schema"] is not { } schema)
            yield break;
        var body = operation.Api.Resolve(schema);
        foreach (var (name, member) in body["properties"]!.AsObject())
        {
            foreach (var broken in BrokenValues(member!))
            {
                var json = Body();
                json[name] = broken;
                yield return With(Request([], Content(json)), 400);
            }
        }

        foreach (var name in body["required"]!.AsArray().Select(one => one!.GetValue<string>()))
        {
            var json = Body();
            json.Remove(name);
            yield return With(Request([], Content(json)), 400);
        }

        foreach (var text in (string[])["null", "[]", "\"image\"", "1", "", "{", "{\"image\":"])
            yield return With(Request([], new StringContent(text, Encoding.UTF8, "application/json")), 400);
        foreach (var media in (string[])["text/plain", "application/xml", "image/png", "multipart/form-data"])
            yield return With(Request([], Picture(media)), 415);
    }

    private static (string, HttpRequestMessage, int) With((string What, HttpRequestMessage Request) made, int status) =>
        (made.What, made.Request, status);

    private static string Name(JsonNode parameter) => parameter["name"]!.GetValue<string>();

    private static string Text(JsonNode value) =>
        value is JsonValue text && text.TryGetValue<string>(out var string_) ? string_ : value.ToJsonString();

    private static StringContent Content(JsonNode body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private static bool Allows(JsonNode schema, string type) => schema["type"] switch
    {
        JsonArray types => types.Any(one => one!.GetValue<string>() == type),
        var one => one!.GetValue<string>() == type,
    };

    private (string, HttpRequestMessage) Request(IEnumerable<(string Name, string Value)> query, HttpContent? content)
    {
        var address = operation.Path + "?" + string.Join(
            '&', query.Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}"));
        return ($"{operation.Method} {address} {content?.Headers.ContentType}",
            new HttpRequestMessage(new HttpMethod(operation.Method), address) { Content = content });
    }

    private ByteArrayContent Picture(string media)
    {
        var content = new ByteArrayContent(Corpus.Pictures[_random.Next(Corpus.Pictures.Count)]);
        content.Headers.ContentType = new MediaTypeHeaderValue(media);
        return content;
    }

    private JsonObject Body()
    {
        var schema = operation.Api.Resolve(operation.Bodies["application/json"]!["schema"]!);
        var required = schema["required"]!.AsArray().Select(name => name!.GetValue<string>()).ToHashSet();
        var body = new JsonObject();
        foreach (var (name, member) in schema["properties"]!.AsObject())
        {
            if (required.Contains(name) || _random.Next(2) == 0)
                body[name] = Allows(member!, "null") && _random.Next(4) == 0 ? null : Value(name, member!);
        }

        return body;
    }

    private JsonNode Value(string name, JsonNode schema)
    {
        if (name == "image")
            return Convert.ToBase64String(Corpus.Pictures[_random.Next(Corpus.Pictures.Count)]);
        if (name == "device_id" && DeviceId is not null)
            return DeviceId;
        if (name == "sequence")
            return Repeated?.GetProperty("frame").GetProperty("sequence").GetInt64() ?? 1;
        if (name == "event_id")
            return Repeated?.GetProperty("event_id").GetString() ?? Guid.Empty.ToString();
        if (schema["enum"]?.AsArray() is { } choices)
            return choices[_random.Next(choices.Count)]!.DeepClone();
        if (Allows(schema, "integer"))
            return _random.Next(schema["minimum"]!.GetValue<int>(), schema["maximum"]!.GetValue<int>() + 1);
        return schema["format"]?.GetValue<string>() == "date-time" ? Time() : Characters(schema);
    }

    /// <summary>As RFC 3339 has them.</summary>
    private string Time()
    {
        var time = new DateTime(2020 + _random.Next(10), 1, 1).AddSeconds(_random.Next(31_000_000));
        var fraction = _random.Next(2) == 0 ? "" : $".{_random.Next(1_000_000):D6}";
        var offset = _random.Next(2) == 0 ? "Z" : $"{"+-"[_random.Next(2)]}{_random.Next(14):D2}:30";
        return time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + fraction + offset;
    }

    /// <summary>Of a pattern that says which characters there may be.</summary>
    private string Characters(JsonNode schema)
    {
        var allowed = Ascii(schema, isAllowed: true);
        int[] lengths = [schema["minLength"]!.GetValue<int>(), 7, schema["maxLength"]!.GetValue<int>()];
        return string.Concat(Enumerable.Range(0, lengths[_random.Next(lengths.Length)])
            .Select(_ => allowed[_random.Next(allowed.Length)]));
    }

    private static string Ascii(JsonNode schema, bool isAllowed)
    {
        var pattern = new Regex(schema["pattern"]!.GetValue<string>(), RegexOptions.ECMAScript);
        return string.Concat(Enumerable.Range(0, 128).Select(code => (char)code)
            .Where(character => pattern.IsMatch(character.ToString()) == isAllowed && character != '\n'));
    }

    private IEnumerable<JsonNode?> BrokenValues(JsonNode schema)
    {
        foreach (var text in BrokenTexts(schema))
            yield return text;
        var number = Allows(schema, "integer") ? schema["minimum"]!.GetValue<int>() - 1 : 1;
        foreach (var other in (JsonNode[])[number, 1.5, true, new JsonArray("x"), new JsonObject { ["x"] = "x" }])
            yield return other;
        if (!Allows(schema, "null"))
            yield return null;
    }

    private IEnumerable<string> BrokenTexts(JsonNode schema)
    {
        if (schema["minLength"]?.GetValue<int>() is { } least)
            yield return new string('A', least - 1);
        if (schema["maxLength"]?.GetValue<int>() is { } most)
            yield return new string('A', most + 1);
        if (schema["pattern"] is not null)
        {
            foreach (var character in Ascii(schema, isAllowed: false))
                yield return $"a{character}b";
            yield return "é";
        }

        if (schema["enum"]?.AsArray() is { } choices)
        {
            foreach (var none in (string[])["", "other", choices[0]!.GetValue<string>().ToUpperInvariant()])
                yield return none;
        }

        if (schema["format"]?.GetValue<string>() == "date-time")
        {
            foreach (var none in (string[])["", "yesterday", "2025-13-01T00:00:00Z", "2025-12-30", "1767107674"])
                yield return none;
        }

        if (schema["format"]?.GetValue<string>() == "uuid")
        {
            foreach (var none in (string[])["", "41", "{00000000-0000-0000-0000-000000000000}"])
                yield return none;
        }

        if (!Allows(schema, "integer"))
            yield break;
        yield return Text(schema["minimum"]!.GetValue<int>() - 1);
        if (schema["maximum"] is { } maximum)
            yield return Text(maximum.GetValue<int>() + 1);
        foreach (var none in (string[])["", "many", "1.5", "0x10", "99999999999999999999"])
            yield return none;
    }
}
