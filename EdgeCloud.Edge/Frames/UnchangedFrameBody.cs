using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net.Mime;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeCloud.Edge.Frames;

/// <summary>The body of POST /frame/unchanged, likewise described and not bound.</summary>
[Description("A frame without its picture; members that are not known are ignored.")]
internal sealed record UnchangedFrameBody
{
    [Description("Of the frame that it repeats, from its event: the last of this device that the models looked at.")]
    [Range(1, double.PositiveInfinity)]
    public required long Sequence { get; init; }

    [Description("Of the same event. With it a frame of before the edge's restart, or of another device of the same "
        + "name, is never mistaken for one that happens to have the same number.")]
    public Guid? EventId { get; init; }

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
        document.AddComponent(
            nameof(UnchangedFrameBody),
            await context.GetOrCreateSchemaAsync(typeof(UnchangedFrameBody), null, cancellationToken));
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaTypeNames.Application.Json] =
                    new() { Schema = new OpenApiSchemaReference(nameof(UnchangedFrameBody), document) },
            },
        };
    }
}
