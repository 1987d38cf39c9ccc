namespace EdgeCloud.Edge.Sources;

/// <summary>What is known of one source, for whoever asks.</summary>
internal sealed class SourceProgress(
    int id, SourceAddress address, SourceOptions options, SourceMetrics metrics, TimeProvider time)
{
    private readonly Lock _lock = new();

    private SourceStatus _status = new()
    {
        Id = id,
        Device = options.Device,
        Address = address.Shown,
        State = SourceState.Connecting,
        Since = time.GetUtcNow(),
    };

    public SourceStatus Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <returns>Whether it is the first one since it was away.</returns>
    public bool Frame()
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = _status.State != SourceState.Running;
            var now = time.GetUtcNow();
            _status = _status with
            {
                State = SourceState.Running,
                Since = isFirst ? now : _status.Since,
                LastFrame = now,
                Frames = _status.Frames + 1,
                Reason = null,
            };
        }

        metrics.Frame(options.Device);
        return isFirst;
    }

    public void Restarting()
    {
        lock (_lock)
        {
            _status = _status with
            {
                State = SourceState.Connecting,
                Since = time.GetUtcNow(),
                Restarts = _status.Restarts + 1,
            };
        }

        metrics.Restarted(options.Device);
    }

    public void Stopped(SourceState state, string? reason)
    {
        lock (_lock)
            _status = _status with { State = state, Since = time.GetUtcNow(), Reason = reason };
    }
}
