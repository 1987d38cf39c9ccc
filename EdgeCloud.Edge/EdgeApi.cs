using EdgeCloud.Carbon;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Outbox;
using EdgeCloud.Edge.Phone;
using EdgeCloud.Edge.Sources;
using EdgeCloud.Edge.Zones;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge;

/// <summary>The edge's API in words.</summary>
internal static class EdgeApi
{
    public static readonly ApiDescription Description = new()
    {
        Title = "EdgeCloud edge",
        Description = "Takes the frames of cameras, finds faces and poses in them, and sends what it found to Kafka; "
            + "the pictures stay here. Nobody is authenticated, and any origin may call, except for the outbox and for "
            + "phones.",
        Tags = new Dictionary<string, string>
        {
            [FrameEndpoints.Tag] = "Frames in, and the newest of each device.",
            [ZoneEndpoints.Tag] = "Areas and lines of a device's picture, in and over which persons are counted.",
            [OutboxEndpoints.Tag] = "Events that Kafka has not confirmed.",
            [SourceExtensions.Tag] = "Cameras that the edge fetches frames from.",
            [PhoneEndpoints.Tag] = "The listener for phones, which this machine alone may ask for.",
            [CarbonExtensions.ApiTag] = CarbonExtensions.ApiTagMeaning,
        },
        Schemas = DetectionEventSchema.Export(ApiDescription.ReferencePrefix),
    };
}
