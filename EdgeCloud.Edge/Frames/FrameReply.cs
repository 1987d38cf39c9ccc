using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeCloud.Edge.Frames;

/// <summary>What the reply to POST /frame says beside the event.</summary>
internal static class FrameReply
{
    /// <summary>A header, since the body is byte for byte what goes to Kafka.</summary>
    public const string DeliveryHeader = "EdgeCloud-Delivery";

    public static string Delivery(bool isSending) => isSending ? "sending" : "stored";

    public static Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (operation.Responses?["200"] is OpenApiResponse accepted)
        {
            accepted.Headers = new Dictionary<string, IOpenApiHeader>
            {
                [DeliveryHeader] = new OpenApiHeader
                {
                    Description = "How far the event is on its way: 'sending' when it is being handed to Kafka, "
                        + "'stored' when it waits on the edge's disk, since Kafka is away or others go first.",
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Enum = [Delivery(isSending: true), Delivery(isSending: false)],
                    },
                },
            };
        }

        return Task.CompletedTask;
    }
}
