using EdgeCloud.Carbon;
using EdgeCloud.Contract;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Frames;

/// <summary>The edge's API in words.</summary>
internal static class FrameApi
{
    public const string Tag = "Frames";

    public static readonly ApiDescription Description = new()
    {
        Title = "EdgeCloud edge",
        Description = "Takes the frames of cameras, finds faces and poses in them, and sends what it found to Kafka; "
            + "the pictures stay here. Nobody is authenticated, and any origin may call.",
        Tags = new Dictionary<string, string>
        {
            [Tag] = "Frames in, and the newest of each device.",
            [CarbonExtensions.ApiTag] = CarbonExtensions.ApiTagMeaning,
        },
        Schemas = DetectionEventSchema.Export(ApiDescription.ReferencePrefix),
    };
}
