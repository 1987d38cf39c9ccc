using System.ComponentModel;

namespace EdgeCloud.Edge.Sources;

[Description("connecting: no frame has come yet; running; waiting: it is away and tried again; failed: there is no "
    + "ffmpeg; ended: the file is over.")]
internal enum SourceState
{
    Connecting,
    Running,
    Waiting,
    Failed,
    Ended,
}

[Description("A camera that the edge fetches frames from, and how it is.")]
internal sealed record SourceStatus
{
    [Description("The index of its settings.")]
    public required int Id { get; init; }

    [Description("The device that its frames are of.")]
    public required string Device { get; init; }

    [Description("A path; of an address only scheme, host and port, since the rest may have credentials in it.")]
    public required string Address { get; init; }

    [Description("What it does.")]
    public required SourceState State { get; init; }

    [Description("Since when it is in this state.")]
    public required DateTimeOffset Since { get; init; }

    [Description("When its last frame came.")]
    public DateTimeOffset? LastFrame { get; init; }

    [Description("Frames that came from it.")]
    public long Frames { get; init; }

    [Description("How often it was tried again.")]
    public long Restarts { get; init; }

    [Description("Why it is away.")]
    public string? Reason { get; init; }
}

[Description("Every source of the settings.")]
internal sealed record SourceStatuses([property: Description("In the order of the settings.")] SourceStatus[] Sources);
