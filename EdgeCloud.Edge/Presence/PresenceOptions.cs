namespace EdgeCloud.Edge.Presence;

/// <summary>Configuration section <c>Edge:Presence</c>.</summary>
internal sealed class PresenceOptions
{
    public const string Section = "Edge:Presence";

    /// <summary>Whether to tell who came and went.</summary>
    public bool Enabled { get; set; } = true;
}
