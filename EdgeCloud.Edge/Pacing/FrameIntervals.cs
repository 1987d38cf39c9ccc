using EdgeCloud.Edge.Sources;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Pacing;

/// <summary>
/// From one frame to the next with a person in view and nothing to save: a source's own, and for all other devices
/// <see cref="FrameIntervalOptions.FrameInterval"/>.
/// </summary>
internal sealed class FrameIntervals(IOptions<FrameIntervalOptions> options, IOptions<SourceList> sources)
{
    public TimeSpan Default { get; } = options.Value.FrameInterval;

    public IReadOnlyDictionary<string, TimeSpan> OfSources { get; } =
        sources.Value.Sources.ToDictionary(source => source.Device, source => source.Interval);
}
