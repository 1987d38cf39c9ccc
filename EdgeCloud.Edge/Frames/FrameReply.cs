using System.Globalization;
using System.Net.Mime;
using EdgeCloud.Edge.Motion;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeCloud.Edge.Frames;

/// <summary>What the replies about frames say beside the event.</summary>
internal static class FrameReply
{
    /// <summary>A header, since the body is byte for byte what goes to Kafka.</summary>
    public const string DeliveryHeader = "EdgeCloud-Delivery";

    /// <summary>There when the motion gate is on: what a client needs to compare pictures as it does.</summary>
    public const string MotionGateHeader = "EdgeCloud-Motion-Gate";

    /// <summary>With a frame that came without its picture.</summary>
    public const string SparedHeader = "EdgeCloud-Spared";

    /// <summary>What the edge blurs where it shows a frame, so that a client's own picture can do the same.</summary>
    public const string BlurHeader = "EdgeCloud-Blur";

    public static OpenApiSchema Jpeg => new() { Type = JsonSchemaType.String, Format = "binary" };

    public static string Delivery(bool isSending) => isSending ? "sending" : "stored";

    /// <returns>Null when the gate is off.</returns>
    public static string? MotionGate(MotionGateOptions gate) => gate.Enabled
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"threshold={gate.Threshold}, max_confirm_ms={Math.Round(gate.MaxConfirm.TotalMilliseconds)}")
        : null;

    public static string Blur(FrameBlur blur) => blur == FrameBlur.Faces ? "faces" : "none";

    public static string Spared(in Spared spared) => string.Create(
        CultureInfo.InvariantCulture, $"bytes={spared.Bytes}, joules={spared.Joules:0.0########}");

    public static Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        AddHeader(operation, "200", MotionGateHeader, "There when the motion gate is on and frames may come without "
            + "their picture, at /frame/unchanged: by how many grey levels of 255 no block of the picture may differ, "
            + "and how many milliseconds after the models looked they look again.",
            Text(@"^threshold=\d+, max_confirm_ms=\d+$"));
        AddHeader(operation, "200", BlurHeader, "What the edge blurs wherever it shows a frame, as it asks its clients "
            + "to do with theirs.",
            new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [Blur(FrameBlur.None), Blur(FrameBlur.Faces)],
            });
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

    public static Task DescribeSparedAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        AddHeader(operation, "200", SparedHeader, "What was spared against uploading the picture: bytes of the body, "
            + "and joules to decode and compare it.", Text(@"^bytes=\d+, joules=\d+\.\d+$"));
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

    private static OpenApiSchema Text(string pattern) => new() { Type = JsonSchemaType.String, Pattern = pattern };

    private static void AddHeader(
        OpenApiOperation operation, string status, string name, string description, OpenApiSchema schema)
    {
        var response = (OpenApiResponse)operation.Responses![status];
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader { Description = description, Schema = schema };
    }
}
