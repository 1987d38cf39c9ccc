using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net.Mime;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// The body of POST /frame as the OpenAPI document tells it; <see cref="FrameReader"/> reads it. Not by Accepts
/// metadata, since then the framework would answer another media type itself, in fewer words.
/// </summary>
[Description("A frame; members that are not known are ignored.")]
internal sealed record FrameBody
{
    /// <summary>
    /// 96 bytes in Base64: the markers of beginning and end, one quantization table, the headers of one frame and one
    /// scan of one component, and no data. A decoder needs all of it.
    /// </summary>
    public const int MinImageLength = 128;

    [Description("A JPEG in Base64, alone or as a data: URL.")]
    [MinLength(MinImageLength)]
    public required string Image { get; init; }

    [Description("The device: " + Contract.DeviceId.Rule + ". The edge's default device when it is left out.")]
    [StringLength(Contract.DeviceId.MaxLength, MinimumLength = 1)]
    [RegularExpression(Contract.DeviceId.Pattern)]
    public string? DeviceId { get; init; }

    [Description("When the picture was taken; without an offset it is read as UTC.")]
    public DateTimeOffset? CapturedAt { get; init; }

    public static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var body = await context.GetOrCreateSchemaAsync(typeof(FrameBody), null, cancellationToken);
        document.AddComponent(nameof(FrameBody), body);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "A frame, or the JPEG itself with device_id and captured_at in the query.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] =
                    new() { Schema = new OpenApiSchemaReference(nameof(FrameBody), document) },
                [MediaTypeNames.Image.Jpeg] = new() { Schema = FrameReply.Jpeg },
            },
        };
        operation.Parameters =
        [
            .. body.Properties!.Where(member => !body.Required!.Contains(member.Key)).Select(member =>
                new OpenApiParameter
                {
                    Name = member.Key,
                    In = ParameterLocation.Query,
                    Description = $"Of a frame that is sent as image/jpeg. {member.Value.Description}",
                    Schema = WithoutNull(member.Value),
                }),
            new OpenApiParameter
            {
                Name = FrameQuery.DetailParameter,
                In = ParameterLocation.Query,
                Description = "How closely to look, of a frame in either form: 'high' looks for faces in overlapping "
                    + "tiles of the picture too, at full resolution, which takes seconds for a photo of 12 million "
                    + "pixels. Meant for photos: it is never answered from what an earlier frame showed.",
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [FrameQuery.NormalDetail, FrameQuery.HighDetail],
                    Default = FrameQuery.NormalDetail,
                },
            },
        ];
    }

    private static OpenApiSchema WithoutNull(IOpenApiSchema member)
    {
        var schema = (OpenApiSchema)member.CreateShallowCopy();
        (schema.Type, schema.Description) = (schema.Type & ~JsonSchemaType.Null, null);
        return schema;
    }
}
