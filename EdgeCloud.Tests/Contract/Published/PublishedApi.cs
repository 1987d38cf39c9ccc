using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>An OpenAPI document, and what it says of answers.</summary>
internal sealed class PublishedApi(string text)
{
    public JsonNode Root { get; } = JsonNode.Parse(text)!;

    public JsonObject Schemas => Root["components"]!["schemas"]!.AsObject();

    public IEnumerable<PublishedOperation> Operations =>
        from path in Root["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new PublishedOperation(this, operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    public PublishedOperation Operation(string method, string path) =>
        Operations.Single(operation => operation.Method == method && operation.Path == path);

    /// <returns>What the schema refers to, when it does.</returns>
    public JsonObject Resolve(JsonNode schema) =>
        schema["$ref"]?.GetValue<string>() is { } reference
            ? Schemas[reference.Split('/')[^1]]!.AsObject()
            : schema.AsObject();
}

internal sealed record PublishedOperation(PublishedApi Api, string Method, string Path, JsonObject Json)
{
    public JsonObject Responses => Json["responses"]!.AsObject();

    public IEnumerable<JsonNode> Parameters => Json["parameters"]?.AsArray().Select(one => one!) ?? [];

    /// <summary>The schemas of the request's body, by media type.</summary>
    public JsonObject Bodies => Json["requestBody"]?["content"]?.AsObject() ?? [];

    /// <returns>What is wrong with an answer by this document, or nothing.</returns>
    public string Problems(HttpResponseMessage answer, byte[] body)
    {
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        var described = Responses[status] ?? Responses[$"{status[0]}XX"];
        if (described is null)
            return $"{Method} {Path}: {status} is not described";
        var media = answer.Content.Headers.ContentType?.MediaType;
        var content = described["content"]?[media ?? ""];
        if (content is null && (described["content"] is not null || body.Length > 0))
            return $"{Method} {Path}: {status} with {media ?? "nothing"} is not described";

        var problems = described["headers"]?.AsObject().Select(header => HeaderProblems(answer, header)) ?? [];
        if (content?["schema"] is { } schema && media != "image/jpeg")
            problems = problems.Append(new PublishedSchema(schema, Api.Schemas).Problems(Read(media!, body)));
        return string.Join("; ", problems.Where(problem => problem.Length > 0)
            .Select(problem => $"{Method} {Path}: {status}: {problem}"));
    }

    /// <returns>The items of a stream, as the document describes them.</returns>
    public static JsonElement Items(string stream) => JsonSerializer.SerializeToElement(
        stream.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(Item));

    private static JsonObject Item(string item)
    {
        var fields = item.Split('\n').Select(line => line.Split(": ", 2))
            .ToLookup(field => field[0], field => field[1]);
        var json = new JsonObject { ["data"] = JsonNode.Parse(string.Join('\n', fields["data"])) };
        foreach (var name in (string[])["event", "id"])
        {
            if (fields[name].Any())
                json[name] = fields[name].Last();
        }

        return json;
    }

    private static string HeaderProblems(HttpResponseMessage answer, KeyValuePair<string, JsonNode?> described)
    {
        if (!answer.Headers.TryGetValues(described.Key, out var values))
            return $"the header {described.Key} is missing";
        var schema = described.Value!["schema"]!;
        var value = schema["type"]!.GetValue<string>() == "integer"
            ? JsonSerializer.SerializeToElement(long.Parse(values.Single(), CultureInfo.InvariantCulture))
            : JsonSerializer.SerializeToElement(values.Single());
        return new PublishedSchema(schema).Problems(value);
    }

    private static JsonElement Read(string media, byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return media == "text/event-stream" ? Items(text)
            : media.StartsWith("text/", StringComparison.Ordinal) || media == "image/svg+xml"
                ? JsonSerializer.SerializeToElement(text)
            : JsonSerializer.Deserialize<JsonElement>(body);
    }
}
