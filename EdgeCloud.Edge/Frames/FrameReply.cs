using System.Net.Mime;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeCloud.Edge.Frames;

/// <summary>What the replies about frames say beside the event.</summary>
internal static class FrameReply
{
    /// <summary>A header, since the body is byte for byte what goes to Kafka.</summary>
    public const string DeliveryHeader = "EdgeCloud-Delivery";

    public static OpenApiSchema Jpeg => new() { Type = JsonSchemaType.String, Format = "binary" };

    public static string Delivery(bool isSending) => isSending ? "sending" : "stored";

    public static Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        AddHeader(operation, "200", DeliveryHeader, "How far the event is on its way: 'sending' when it is being "
            + "handed to Kafka, 'stored' when it waits on the edge's disk, since Kafka is away or others go first.",
            new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [Delivery(isSending: true), Delivery(isSending: false)],
            });
        foreach (var status in (string[])["429", "503"])
        {
            AddHeader(operation, status, "Retry-After", "Seconds until the next frame may be accepted.",
                new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" });
        }

        return Task.CompletedTask;
    }

    /// <summary>For a reply that is the picture, of which the framework describes no content.</summary>
    public static Task DescribePictureAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var found = (OpenApiResponse)operation.Responses!["200"];
        found.Content = new Dictionary<string, OpenApiMediaType>
        {
            [MediaTypeNames.Image.Jpeg] = new() { Schema = Jpeg },
        };
        return Task.CompletedTask;
    }

    private static void AddHeader(
        OpenApiOperation operation, string status, string name, string description, OpenApiSchema schema)
    {
        var response = (OpenApiResponse)operation.Responses![status];
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader { Description = description, Schema = schema };
    }
}
