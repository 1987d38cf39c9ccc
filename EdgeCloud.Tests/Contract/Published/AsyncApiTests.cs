using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>The AsyncAPI document: valid, checked in, and true of the messages on Kafka.</summary>
[Collection(ServicesCollection.Name)]
public sealed class AsyncApiTests(ServicesFixture services)
{
    private static readonly JsonObject Document = AsyncApiDocument.Create();

    [Fact]
    public async Task The_checked_in_document_is_the_one_that_is_served() => await PublishedFile.CheckAsync(
        "server.asyncapi.json", await services.Server.GetStringAsync("/asyncapi/v1.json"));

    [Fact]
    public async Task The_parser_of_AsyncAPI_has_nothing_to_say() =>
        Assert.Equal("", await ValidateAsync(Document));

    [NightlyFact]
    public async Task The_parser_finds_a_reference_to_nothing_and_an_unknown_action()
    {
        var damaged = AsyncApiDocument.Create();
        damaged["operations"]!["receiveDetection"]!["action"] = "take";
        damaged["channels"]!["deadLetters"]!["messages"]!["receipt"]!["$ref"] = "#/components/messages/nothing";

        var problems = await ValidateAsync(damaged);

        Assert.Contains("receiveDetection/action", problems, StringComparison.Ordinal);
        Assert.Contains("#/components/messages/nothing", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_examples_are_what_it_describes() =>
        Assert.All(Document["components"]!["messages"]!.AsObject(), message =>
        {
            var headers = new PublishedSchema(message.Value!["headers"]!);
            var payload = new PublishedSchema(message.Value["payload"]!, Document["components"]!["schemas"]);
            Assert.All(message.Value["examples"]!.AsArray(), example =>
            {
                var sent = example!["headers"] ?? new JsonObject();
                Assert.Equal("", headers.Problems(JsonSerializer.SerializeToElement(sent)));
                Assert.Equal("", payload.Problems(JsonSerializer.SerializeToElement(example["payload"])));
            });
        });

    [Fact]
    public void It_describes_the_topics_of_the_code() => Assert.Equal(
        [DetectionTopic.Name, PresenceTopic.Name, DetectionTopic.DeadLetterName],
        Document["channels"]!.AsObject().Select(channel => channel.Value!["address"]!.GetValue<string>()));

    [Fact]
    public void The_events_on_Kafka_are_the_messages_that_it_describes() =>
        AssertDescribed("detection", services.EdgeMessages());

    [Fact]
    public void What_is_on_Kafka_of_who_came_are_the_messages_that_it_describes() => AssertDescribed(
        "presence",
        [TopicReader.All(services.Scene.BootstrapServers, PresenceTopic.Name).Select(read => read.Message).First()]);

    private static void AssertDescribed(string name, IReadOnlyCollection<Message<byte[], byte[]>> messages)
    {
        var described = Message(name);
        var key = new PublishedSchema(described["bindings"]!["kafka"]!["key"]!);
        var headers = new PublishedSchema(RequireAll(described["headers"]!, MessagingTags.TraceParent));
        var payload = new PublishedSchema(described["payload"]!, Document["components"]!["schemas"]);

        Assert.NotEmpty(messages);
        Assert.All(messages, message =>
        {
            Assert.Equal("", key.Problems(JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(message.Key))));
            Assert.Equal("", headers.Problems(Json(message.Headers)));
            Assert.Equal("", payload.Problems(JsonSerializer.Deserialize<JsonElement>(message.Value)));
            Assert.Subset(Names(described), message.Headers.Select(header => header.Key).ToHashSet());
        });
    }

    [Fact]
    public void The_dead_letters_on_Kafka_are_the_messages_that_it_describes()
    {
        var described = Message("deadLetter");
        var schema = new PublishedSchema(RequireAll(
            described["headers"]!, MessagingTags.TraceParent, DeadLetterHeaders.OriginalSize,
            DeadLetterHeaders.OriginalTraceParent));
        var letter = TopicReader.All(services.Scene.BootstrapServers, DetectionTopic.DeadLetterName).First().Message;

        Assert.Equal("", schema.Problems(Json(letter.Headers)));
        Assert.Subset(Names(described), letter.Headers.Select(header => header.Key).ToHashSet());
        Assert.Equal(
            Names(Message("receipt")),
            DeadLetterHeaders.CreateReceipt(new("edge-data.dlq", 0, 7)).Select(header => header.Key).ToHashSet());
    }

    private static JsonElement Json(Headers headers) => JsonSerializer.SerializeToElement(headers.ToDictionary(
        header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes())));

    private static JsonNode Message(string name) => Document["components"]!["messages"]![name]!;

    private static HashSet<string> Names(JsonNode message) =>
        [.. message["headers"]!["properties"]!.AsObject().Select(header => header.Key)];

    private static JsonNode RequireAll(JsonNode headers, params string[] except)
    {
        var schema = headers.DeepClone();
        schema["required"] = new JsonArray(
        [
            .. schema["properties"]!.AsObject().Select(header => header.Key).Except(except)
                .Select(name => JsonValue.Create(name)),
        ]);
        return schema;
    }

    private static Task<string> ValidateAsync(JsonObject document) => ChildProcess.SucceedAsync(
        ["node", Path.Combine(Repository.Root, "eng", "validate-asyncapi.mjs")], document.ToJsonString());
}
