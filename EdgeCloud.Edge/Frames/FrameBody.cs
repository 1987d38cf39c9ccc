using System.ComponentModel;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The body of POST /frame as the OpenAPI document tells it; <see cref="FrameReader"/> reads it. Not by Accepts
/// metadata, since then the framework would answer another media type itself, in fewer words.
/// </summary>
internal sealed record FrameBody(
    [property: Description("A JPEG in Base64, alone or as a data: URL")] string Image,
    [property: Description("1 to 64 characters, each a letter or digit of ASCII or one of . _ - :")] string? DeviceId,
    [property: Description("When the picture was taken, ISO 8601")] DateTimeOffset? CapturedAt)
{
    public static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "A frame, or the JPEG itself with device_id and captured_at in the query.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] =
                    new() { Schema = await context.GetOrCreateSchemaAsync(typeof(FrameBody), null, cancellationToken) },
                ["image/jpeg"] =
                    new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
            },
        };
    }
}
