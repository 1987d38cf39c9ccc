using System.Text.Json.Nodes;

namespace EdgeCloud.Tests.Contract.Published;

[Collection(ServicesCollection.Name)]
public sealed class OpenApiDocumentTests(ServicesFixture services)
{
    private static readonly string Lint = Path.Combine(Repository.Root, "eng", "lint-openapi.mjs");

    public static TheoryData<string> Names => ["edge", "server"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_checked_in_document_is_the_one_that_is_served(string service) =>
        await PublishedFile.CheckAsync($"{service}.openapi.json", ApiOf(service).Root.ToJsonString());

    [Fact]
    public async Task A_strict_validator_has_nothing_to_say() =>
        Assert.Equal("", (await LintAsync(
            PublishedFile.Path("edge.openapi.json"), PublishedFile.Path("server.openapi.json"))).Output);

    [Fact]
    public async Task The_validator_finds_a_name_that_is_none_and_an_operation_without_a_summary()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(PublishedFile.Path("edge.openapi.json")))!;
        document["components"]!["schemas"]!["Bytes[]"] = new JsonObject { ["type"] = "string" };
        document["paths"]!["/boxes"]!["get"]!.AsObject().Remove("summary");
        using var folder = new TemporaryFolder();
        var file = folder.File("edge.json");
        await File.WriteAllTextAsync(file, document.ToJsonString());

        var (exitCode, output, _) = await LintAsync(file);

        Assert.Equal(1, exitCode);
        Assert.Contains("[spec-components-invalid-map-name]", output, StringComparison.Ordinal);
        Assert.Contains("[operation-summary]", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Everything_is_described_in_words(string service)
    {
        var api = ApiOf(service);
        var tags = api.Root["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()).ToHashSet();
        Assert.All(tags, tag => Assert.Matches("^[A-Z][a-z]+( [a-z]+)*$", tag));
        foreach (var operation in api.Operations)
        {
            Assert.All(operation.Json["tags"]!.AsArray(), tag => Assert.Contains(tag!.GetValue<string>(), tags));
            Assert.All(operation.Parameters, AssertDescribed);
            Assert.All(operation.Responses, response => AssertDescribed(response.Value!));
        }

        foreach (var (_, schema) in api.Schemas)
        {
            AssertDescribed(schema!);
            foreach (var (_, member) in schema!["properties"]?.AsObject() ?? [])
                AssertDescribed(member!["$ref"] is null ? member : api.Resolve(member));
        }

        static void AssertDescribed(JsonNode described) => Assert.Contains(
            (described["oneOf"]?.AsArray() ?? []).Append(described),
            one => !string.IsNullOrWhiteSpace(one!["description"]?.GetValue<string>()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_number_may_be_a_text_and_every_problem_is_one(string service)
    {
        var api = ApiOf(service);
        Assert.DoesNotContain(
            Descendants(api.Root).OfType<JsonObject>().Select(schema => schema["type"]).OfType<JsonArray>()
                .Select(types => types.Select(one => one!.GetValue<string>())),
            types => types.Contains("string") && (types.Contains("integer") || types.Contains("number")));
        Assert.All(
            api.Operations.SelectMany(operation => operation.Responses)
                .Where(response => response.Key[0] is '4' or '5' && response.Value!["content"] is { } content
                    && content["text/plain"] is null),
            response => Assert.EndsWith(
                "/ProblemDetails",
                response.Value!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.GetValue<string>(),
                StringComparison.Ordinal));
    }

    [Fact]
    public void A_frame_needs_only_its_image_and_a_point_is_an_array()
    {
        var body = services.EdgeApi.Schemas["FrameBody"]!;
        Assert.Equal(["image"], body["required"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal(128, body["properties"]!["image"]!["minLength"]!.GetValue<int>());
        Assert.Equal(
            "^[A-Za-z0-9._:-]+$", body["properties"]!["device_id"]!["pattern"]!.GetValue<string>());
        var point = services.EdgeApi.Schemas["Point"]!;
        Assert.Equal(
            ("array", "number", 2, 2),
            (point["type"]!.GetValue<string>(), point["items"]!["type"]!.GetValue<string>(),
                point["minItems"]!.GetValue<int>(), point["maxItems"]!.GetValue<int>()));
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node) => node switch
    {
        JsonObject json => json.SelectMany(member => member.Value is { } value ? Descendants(value) : []).Append(json),
        JsonArray array => array.SelectMany(item => item is { } value ? Descendants(value) : []).Append(array),
        _ => [node],
    };

    private static Task<Finished> LintAsync(params IEnumerable<string> files) =>
        ChildProcess.RunAsync(["node", Lint, .. files]);

    private PublishedApi ApiOf(string service) => service == "edge" ? services.EdgeApi : services.ServerApi;
}
