namespace EdgeCloud.Edge.Frames;

/// <summary>How closely a frame is looked at.</summary>
internal enum FrameDetail
{
    /// <summary>As a whole, in what the models see at once.</summary>
    Normal,

    /// <summary>For faces also in tiles at full resolution.</summary>
    High,
}
