using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using EdgeCloud.Contract;
using EdgeCloud.Tests.Fuzzing;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>The event's JSON Schema: checked in, and true of what the edge writes and the server reads.</summary>
[Collection(ServicesCollection.Name)]
public sealed class EventSchemaTests(ServicesFixture services)
{
    private const int Mutations = 4000;

    /// <summary>
    /// What a schema cannot say in the keywords that all drafts have: that a number depends on another one, is the
    /// fourth of its array, written without a point or too large for a double, and that a time or an id with the right
    /// shape is none.
    /// </summary>
    private static readonly string[] Unsaid =
    [
        "only when a face is", "have a visibility of", "is not a whole number", "is not an ISO 8601 time",
        "event_id is not a UUID", "not finite",
    ];

    private static readonly PublishedSchema Schema = new(DetectionEventSchema.Document());

    [Fact]
    public async Task The_checked_in_schema_is_the_one_that_is_served() => await PublishedFile.CheckAsync(
        "detection-event.schema.json", await services.Server.GetStringAsync("/schemas/detection-event.json"));

    [Fact]
    public void Every_event_that_the_edge_wrote_is_valid()
    {
        var events = services.EdgeMessages()
            .Select(message => JsonSerializer.Deserialize<JsonElement>(message.Value)).ToArray();

        Assert.All(events, one => Assert.Equal("", Schema.Problems(one)));
        Assert.Contains(events, one => one.GetProperty("faces").GetArrayLength() > 0);
        Assert.Contains(events, one => one.GetProperty("faces").GetArrayLength() == 0);
        Assert.Contains(events, one => one.TryGetProperty("unchanged", out _));
        Assert.Contains(events, one => one.TryGetProperty("captured_at", out _));
        Assert.Contains(events, one => one.TryGetProperty("energy_joules", out _));
        Assert.Contains(events, one => one.TryGetProperty("poses", out var poses)
            && poses.GetArrayLength() > 0 && poses[0].TryGetProperty("world_landmarks", out _));
    }

    [Theory]
    [InlineData("device_id")]
    [InlineData("timestamp")]
    [InlineData("persons_detected")]
    [InlineData("faces")]
    [InlineData("faces/0/conf")]
    [InlineData("faces/0/xmin")]
    [InlineData("faces/0/keypoints/nose_tip")]
    [InlineData("frame/sequence")]
    [InlineData("poses/0/landmarks")]
    [InlineData("timing_ms/total")]
    public void An_event_without_a_member_that_is_required_is_not_valid(string member)
    {
        var whole = JsonNode.Parse(Corpus.Events[1].Replace(
            "EVENT_ID", "019b7033-f6d6-7000-8000-0123456789ab", StringComparison.Ordinal))!;
        Assert.Equal("", Schema.Problems(JsonSerializer.SerializeToElement(whole)));

        var names = member.Split('/');
        var parent = names[..^1].Aggregate(whole, (node, name) => name == "0" ? node[0]! : node[name]!);
        Assert.True(parent.AsObject().Remove(names[^1]));

        Assert.Contains(names[^1], Schema.Problems(JsonSerializer.SerializeToElement(whole)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_is_added_as_required_is_missing()
    {
        var document = DetectionEventSchema.Document();
        document["required"]!.AsArray().Add("tenant");

        var written = DetectionEventJson.Write(Events.Of("edge-1", DateTimeOffset.UtcNow));
        var problems = new PublishedSchema(document).Problems(JsonSerializer.Deserialize<JsonElement>(written));

        Assert.Contains("tenant", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_examples_are_events() =>
        Assert.All(DetectionEventSchema.Document()["examples"]!.AsArray(), example =>
        {
            Assert.Equal("", Schema.Problems(JsonSerializer.SerializeToElement(example)));
            Assert.True(DetectionEventJson.TrySummarize(Encoding.UTF8.GetBytes(example!.ToJsonString()), out _, out _));
        });

    /// <summary>The schema and the reader must not part: what one takes the other takes.</summary>
    [Fact]
    public void Whatever_the_server_takes_is_valid_and_whatever_is_valid_it_takes()
    {
        var inputs = new InputMaker(seed: 1);
        var (valid, invalid) = (0, 0);
        for (var number = 0; number < Mutations; number++)
        {
            var value = inputs.Value(number).Value;
            if (value is null || Parse(value) is not { } json || HasHalfACharacter(json))
                continue;

            var isTaken = DetectionEventJson.TrySummarize(value, out _, out var reason);
            var problems = Schema.Problems(json);
            if (isTaken)
                Assert.True(problems.Length == 0, $"taken, but {problems}: {Encoding.UTF8.GetString(value)}");
            else if (problems.Length == 0)
                Assert.True(
                    Unsaid.Any(rule => reason!.Contains(rule, StringComparison.Ordinal)),
                    $"valid, but {reason}: {Encoding.UTF8.GetString(value)}");
            (valid, invalid) = problems.Length == 0 ? (valid + 1, invalid) : (valid, invalid + 1);
        }

        Assert.True(valid > 100 && invalid > 100, $"{valid} valid, {invalid} invalid");
    }

    /// <summary>Of which no reader can make a string: an escape that is half of a surrogate pair.</summary>
    private static bool HasHalfACharacter(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.Object => json.EnumerateObject().Any(member =>
                    member.Name.Length < 0 || HasHalfACharacter(member.Value)),
                JsonValueKind.Array => json.EnumerateArray().Any(HasHalfACharacter),
                JsonValueKind.String => json.GetString()!.Length < 0,
                _ => false,
            };
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    /// <summary>Only what any reader would understand alike: JSON in UTF-8, no name twice, not too large.</summary>
    private static JsonElement? Parse(byte[] value)
    {
        try
        {
            if (value.Length > DetectionEventJson.MaxBytes || !Utf8.IsValid(value))
                return null;
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(value, options);
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
