using System.Net.Mime;
using System.Text.Json.Nodes;
using EdgeCloud.Carbon;
using EdgeCloud.Contract;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeCloud.Server.Api;

/// <summary>The server's API in words, and the schemas of what it writes without the framework.</summary>
internal static class ServerApi
{
    public const string EventsTag = "Events";
    public const string DevicesTag = "Devices";
    public const string StatisticsTag = "Statistics";
    public const string ContractTag = "Event contract";

    public const string AsyncApiPath = "/asyncapi/v1.json";

    public static readonly ApiDescription Description = new()
    {
        Title = "EdgeCloud server",
        Description = "Reads the events of all edges from Kafka, and shows devices and numbers, as far as Kafka "
            + "retains them. Nobody is authenticated, and any origin may call.",
        Tags = new Dictionary<string, string>
        {
            [EventsTag] = "The newest events, and new ones as they come.",
            [DevicesTag] = "A summary of each device.",
            [StatisticsTag] = "Totals, and how well the server keeps up.",
            [CarbonExtensions.ApiTag] = CarbonExtensions.ApiTagMeaning,
            [ContractTag] = "What goes over Kafka, for machines.",
        },
        Schemas = Schemas(),
        AsyncApis = new Dictionary<string, string> { ["Kafka"] = AsyncApiPath },
    };

    /// <summary>GET /events.</summary>
    public static Task DescribeEventsAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken) =>
        DescribeAsync(operation, new OpenApiSchemaReference("EventStreamItem", context.Document));

    /// <summary>GET /live.</summary>
    public static Task DescribeLiveAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken) =>
        DescribeAsync(operation, new OpenApiSchemaReference("LiveStreamItem", context.Document));

    /// <summary>
    /// As OpenAPI 3.2 has it for media types that are sequences: the whole is an array of what comes one after the
    /// other.
    /// </summary>
    private static Task DescribeAsync(OpenApiOperation operation, OpenApiSchemaReference item)
    {
        var response = (OpenApiResponse)operation.Responses!["200"];
        response.Content = new Dictionary<string, OpenApiMediaType>
        {
            [MediaTypeNames.Text.EventStream] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Description = "The items of the stream, one after the other, each with its fields event, id and "
                        + "data; the text of data is JSON.",
                    Items = item,
                },
            },
        };
        return Task.CompletedTask;
    }

    private static JsonObject Schemas()
    {
        var schemas = DetectionEventSchema.Export(ApiDescription.ReferencePrefix);
        foreach (var (name, schema) in JsonNode.Parse("""
            {
              "EventStreamItem": {
                "description": "An item of the stream.",
                "oneOf": [
                  {
                    "description": "The first item, and one whenever nothing else came for a while.",
                    "type": "object",
                    "required": ["event", "data"],
                    "properties": {
                      "event": { "description": "The item's type.", "enum": ["ready", "ping"], "type": "string" },
                      "data": { "description": "Empty.", "type": "object", "maxProperties": 0 }
                    }
                  },
                  {
                    "description": "A new event.",
                    "type": "object",
                    "required": ["event", "data"],
                    "properties": {
                      "event": { "description": "The item's type.", "const": "detection", "type": "string" },
                      "id": { "description": "The event's event_id, if it has one.", "type": "string" },
                      "data": { "$ref": "#/components/schemas/DetectionEvent" }
                    }
                  }
                ]
              },
              "LiveStreamItem": {
                "description": "An item of the stream.",
                "oneOf": [
                  {
                    "description": "The totals and the devices, the first at once and then each second.",
                    "type": "object",
                    "required": ["event", "data"],
                    "properties": {
                      "event": { "description": "The item's type.", "const": "status", "type": "string" },
                      "data": { "$ref": "#/components/schemas/LiveStatus" }
                    }
                  },
                  {
                    "description": "New events, up to five times a second.",
                    "type": "object",
                    "required": ["event", "data"],
                    "properties": {
                      "event": { "description": "The item's type.", "const": "events", "type": "string" },
                      "data": { "$ref": "#/components/schemas/LiveBatch" }
                    }
                  }
                ]
              },
              "LiveStatus": {
                "description": "The totals and the devices at one moment.",
                "type": "object",
                "required": ["at", "stats", "devices"],
                "properties": {
                  "at": {
                    "description": "The server's clock, by which the ages of what it says are told.",
                    "type": "string",
                    "format": "date-time"
                  },
                  "stats": { "$ref": "#/components/schemas/ServerStats" },
                  "devices": {
                    "description": "As GET /devices has them.",
                    "type": "array",
                    "items": { "$ref": "#/components/schemas/DeviceSummary" }
                  }
                }
              },
              "LiveBatch": {
                "description": "New events, the oldest first.",
                "type": "object",
                "required": ["missed", "events"],
                "properties": {
                  "missed": {
                    "description": "How many events were left out since the last item, for a reader that is slow.",
                    "type": "integer",
                    "minimum": 0
                  },
                  "events": {
                    "description": "Without their poses.",
                    "type": "array",
                    "items": { "$ref": "#/components/schemas/LiveEvent" }
                  }
                }
              },
              "LiveEvent": {
                "description": "An event without its poses, and when it could be seen.",
                "allOf": [
                  { "$ref": "#/components/schemas/DetectionEvent" },
                  {
                    "type": "object",
                    "required": ["visible_at"],
                    "properties": {
                      "visible_at": {
                        "description": "When it was counted here.",
                        "type": "string",
                        "format": "date-time"
                      }
                    }
                  }
                ]
              },
              "JsonObject": { "description": "A document of JSON.", "type": "object" }
            }
            """)!.AsObject())
        {
            schemas[name] = schema!.DeepClone();
        }

        return schemas;
    }
}
