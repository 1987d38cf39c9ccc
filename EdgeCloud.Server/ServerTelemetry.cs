namespace EdgeCloud.Server;

/// <summary>What the server's rooms share to measure and trace.</summary>
internal static class ServerTelemetry
{
    /// <summary>Of the meter and of the activity source.</summary>
    public const string Name = "EdgeCloud.Server";
}
