using System.Text.Json.Nodes;
using Confluent.Kafka;

namespace EdgeCloud.Contract;

/// <summary>
/// The topics as an AsyncAPI 3 document, from the server's side: what it receives and what it sends. Names are those of
/// the code, and the event's schema is <see cref="DetectionEventSchema"/>.
/// </summary>
public static class AsyncApiDocument
{
    private const string Messages = "#/components/messages/";

    private const string FirstVersion =
        "Events of the first version of this pipeline are events as well, and servers accept them: the fixed members "
        + "only, no schema, no event_id, a timestamp without an offset (read as UTC), persons_detected without faces, "
        + "no headers, and any key or none.";

    private const string Whole = "^[0-9]+$";

    private const string TraceParent = "W3C trace context of the sending; with tracestate where there is one.";

    /// <returns>The document, each time a new one.</returns>
    public static JsonObject Create() => new()
    {
        ["asyncapi"] = "3.0.0",
        ["info"] = new JsonObject
        {
            ["title"] = "EdgeCloud events",
            ["version"] = "1.0.0",
            ["description"] = "What goes over Kafka from the edges to the servers: findings, never a picture. The "
                + "operations are those of a server; edges send what it receives.",
            ["license"] = new JsonObject { ["name"] = "MIT", ["url"] = "https://opensource.org/license/mit" },
        },
        ["defaultContentType"] = "application/json",
        ["channels"] = new JsonObject
        {
            ["detections"] = Channel(
                DetectionTopic.Name, "Detections",
                "An event for each frame that an edge accepted, at least once, and those of one device in the order of "
                + "its frames. Consumers deduplicate by event_id. Other producers may send events as well. "
                + FirstVersion,
                "detection"),
            ["presences"] = Channel(
                PresenceTopic.Name, "Presences",
                "For each person that an edge follows: one event when it came, one each minute, one when it went, at "
                + "least once and in this order. Each has all that is known by then. Consumers deduplicate by "
                + "event_id, or keep the newest of a presence_id.",
                "presence"),
            ["deadLetters"] = Channel(
                DetectionTopic.DeadLetterName, "Dead letters",
                $"Messages of {DetectionTopic.Name} that are not events, and receipts for those that were sent again.",
                "deadLetter", "receipt"),
        },
        ["operations"] = new JsonObject
        {
            ["receiveDetection"] = Operation(
                "receive", "detections", "Counts the event and shows it",
                $"In the consumer group {DetectionTopic.ConsumerGroup}. An event counts for its device_id, whatever "
                + $"the key. A message that is no event, or larger than {DetectionEventJson.MaxBytes} bytes, is sent "
                + $"to {DetectionTopic.DeadLetterName}.",
                "detection"),
            ["receivePresence"] = Operation(
                "receive", "presences", "Keeps who came and went",
                "Each server reads the whole topic, in no consumer group. A message that is no event is counted and "
                + "passed over.",
                "presence"),
            ["sendDeadLetter"] = Operation(
                "send", "deadLetters", "Keeps a message that is not an event",
                "Before the server goes on to the next message.", "deadLetter"),
            ["sendReceipt"] = Operation(
                "send", "deadLetters", "Says that a dead letter was sent again",
                "By the command edgecloud dlq replay, which skips what has a receipt.", "receipt"),
        },
        ["components"] = new JsonObject
        {
            ["messages"] = new JsonObject
            {
                ["detection"] = Detection(),
                ["presence"] = Presence(),
                ["deadLetter"] = DeadLetter(),
                ["receipt"] = Receipt(),
            },
            ["schemas"] = Schemas(),
        },
    };

    private static JsonObject Schemas()
    {
        const string Prefix = "#/components/schemas/";
        var schemas = DetectionEventSchema.Export(Prefix);
        foreach (var (name, schema) in DetectionEventSchema.ExportPresence(Prefix))
            schemas[name] = schema!.DeepClone();
        return schemas;
    }

    private static JsonObject Detection()
    {
        var message = new JsonObject
        {
            ["name"] = "detection",
            ["title"] = "Detection",
            ["summary"] = "What the edge found in one frame, with CloudEvents 1.0 attributes as headers (binary mode)",
            ["description"] = FirstVersion,
            ["contentType"] = "application/json",
            ["headers"] = CloudEvent(Constant(DetectionTopic.EventType, "CloudEvents type")),
            ["payload"] = new JsonObject { ["$ref"] = $"#/components/schemas/{nameof(DetectionEvent)}" },
            ["bindings"] = DeviceKey(),
        };
        message["examples"] = new JsonArray([.. DetectionEventExamples.All.Select(payload => payload["schema"] is null
            ? new JsonObject { ["name"] = "firstVersion", ["payload"] = payload }
            : new JsonObject
            {
                ["name"] = "detection",
                ["headers"] = HeadersOf(DetectionTopic.CreateMessage(
                    DetectionEventExamples.Detection.DeviceId, DetectionEventExamples.Detection.EventId!.Value,
                    DetectionEventExamples.Detection.Timestamp, [])),
                ["payload"] = payload,
            })]);
        return message;
    }

    private static JsonObject Presence()
    {
        var example = DetectionEventExamples.Presence;
        return new JsonObject
        {
            ["name"] = "presence",
            ["title"] = "Presence",
            ["summary"] = "A person came, stays or went, with CloudEvents 1.0 attributes as headers (binary mode)",
            ["contentType"] = "application/json",
            ["headers"] = CloudEvent(new JsonObject
            {
                ["type"] = "string",
                ["description"] = "CloudEvents type",
                ["enum"] = new JsonArray(
                    [.. Enum.GetValues<PresenceType>().Select(type => (JsonNode)PresenceTopic.EventType(type))]),
            }),
            ["payload"] = new JsonObject { ["$ref"] = $"#/components/schemas/{nameof(PresenceEvent)}" },
            ["bindings"] = DeviceKey(),
            ["examples"] = new JsonArray(new JsonObject
            {
                ["name"] = "ended",
                ["headers"] = HeadersOf(PresenceTopic.CreateMessage(
                    PresenceTopic.EventType(example.Type), example.DeviceId, example.EventId, example.Timestamp, [])),
                ["payload"] = JsonNode.Parse(PresenceEventJson.Write(example)),
            }),
        };
    }

    private static JsonObject CloudEvent(JsonObject type) => Headers(
        (DetectionTopic.SpecVersionHeader, Constant("1.0", "CloudEvents specversion")),
        (DetectionTopic.IdHeader, Text("CloudEvents id: the event_id", "format", "uuid")),
        (DetectionTopic.SourceHeader, Text(
            "CloudEvents source: the edge, by the device", "pattern", $"^/edgecloud/edge/{DeviceId.Pattern[1..]}")),
        (DetectionTopic.TypeHeader, type),
        (DetectionTopic.TimeHeader, Text("CloudEvents time: the timestamp", "format", "date-time")),
        (DetectionTopic.ContentTypeHeader, Constant("application/json", "CloudEvents datacontenttype")),
        (MessagingTags.TraceParent, Text(TraceParent)));

    private static JsonObject DeviceKey() => Key(new JsonObject
    {
        ["type"] = "string",
        ["description"] = "The event's device_id, so that the events of a device keep their order.",
        ["minLength"] = 1,
        ["maxLength"] = DeviceId.MaxLength,
        ["pattern"] = DeviceId.Pattern,
    });

    private static JsonObject DeadLetter() => new()
    {
        ["name"] = "deadLetter",
        ["title"] = "Dead letter",
        ["summary"] = "A message that is not an event, with its key and its value",
        ["description"] = "With the headers of the original, beside these. Of an original that is too large for the "
            + "topic the beginning of the value is kept, or nothing but these headers.",
        ["contentType"] = "application/octet-stream",
        ["headers"] = Headers(
            (DeadLetterHeaders.Reason, Text("Why it is not an event")),
            (DeadLetterHeaders.Topic, Text("The topic that the original was on")),
            (DeadLetterHeaders.Partition, Text("The original's partition", "pattern", Whole)),
            (DeadLetterHeaders.Offset, Text("The original's offset", "pattern", Whole)),
            (DeadLetterHeaders.OriginalSize, Text(
                "The size of the original's value, bytes; only where not all of the original is kept", "pattern",
                Whole)),
            (DeadLetterHeaders.OriginalTraceParent, Text("The original's traceparent")),
            (MessagingTags.TraceParent, Text(TraceParent))),
        ["payload"] = new JsonObject { ["description"] = "The value of the original: any bytes, or none." },
        ["bindings"] = Key(new JsonObject { ["description"] = "The original's: any bytes, or none." }),
        ["examples"] = new JsonArray(new JsonObject
        {
            ["name"] = "notAnEvent",
            ["headers"] = new JsonObject
            {
                [DeadLetterHeaders.Reason] = "Not a detection event: device_id is missing.",
                [DeadLetterHeaders.Topic] = DetectionTopic.Name,
                [DeadLetterHeaders.Partition] = "2",
                [DeadLetterHeaders.Offset] = "1041",
            },
            ["payload"] = "{}",
        }),
    };

    private static JsonObject Receipt() => new()
    {
        ["name"] = "receipt",
        ["title"] = "Receipt",
        ["summary"] = "Says that a dead letter was sent to its topic again; without key or value",
        ["headers"] = Headers(
            (DeadLetterHeaders.ReplayedPartition, Text("The dead letter's partition", "pattern", Whole)),
            (DeadLetterHeaders.ReplayedOffset, Text("The dead letter's offset", "pattern", Whole))),
        ["payload"] = new JsonObject { ["type"] = "null" },
        ["examples"] = new JsonArray(new JsonObject
        {
            ["name"] = "sentAgain",
            ["headers"] = new JsonObject
            {
                [DeadLetterHeaders.ReplayedPartition] = "0",
                [DeadLetterHeaders.ReplayedOffset] = "7",
            },
            ["payload"] = null,
        }),
    };

    private static JsonObject Channel(string topic, string title, string description, params string[] messages) => new()
    {
        ["address"] = topic,
        ["title"] = title,
        ["description"] = description,
        ["messages"] = new JsonObject(messages.Select(message =>
            KeyValuePair.Create(message, (JsonNode?)Reference(Messages + message)))),
        ["bindings"] = new JsonObject
        {
            ["kafka"] = new JsonObject { ["topic"] = topic, ["bindingVersion"] = "0.5.0" },
        },
    };

    private static JsonObject Operation(
        string action, string channel, string summary, string description, string message) => new()
        {
            ["action"] = action,
            ["channel"] = Reference($"#/channels/{channel}"),
            ["summary"] = summary,
            ["description"] = description,
            ["messages"] = new JsonArray(Reference($"#/channels/{channel}/messages/{message}")),
        };

    private static JsonObject Headers(params (string Name, JsonObject Schema)[] headers) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(headers.Select(header =>
            KeyValuePair.Create(header.Name, (JsonNode?)header.Schema))),
    };

    private static JsonObject HeadersOf(Message<string, byte[]> message)
    {
        var headers = new JsonObject();
        foreach (var header in message.Headers)
            headers[header.Key] = DeadLetterHeaders.Find(message.Headers, header.Key);
        headers[MessagingTags.TraceParent] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        return headers;
    }

    private static JsonObject Key(JsonObject schema) => new()
    {
        ["kafka"] = new JsonObject { ["key"] = schema, ["bindingVersion"] = "0.5.0" },
    };

    private static JsonObject Constant(string value, string description) => Text(description, "const", value);

    private static JsonObject Text(string description, string? keyword = null, string? value = null)
    {
        var schema = new JsonObject { ["type"] = "string", ["description"] = description };
        if (keyword is not null)
            schema[keyword] = value;
        return schema;
    }

    private static JsonObject Reference(string target) => new() { ["$ref"] = target };
}
