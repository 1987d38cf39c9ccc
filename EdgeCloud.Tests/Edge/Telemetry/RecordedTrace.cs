using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeCloud.Tests.Edge.Telemetry;

/// <summary>A trace as a page begins it, all of it recorded, and its spans in this process as they end.</summary>
internal sealed class RecordedTrace : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public RecordedTrace()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "EdgeCloud.Edge",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == Page.TraceId
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == Page.TraceId)
                    _ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The page's own span.</summary>
    public ActivityContext Page { get; } = new(
        ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    public string TraceParent => $"00-{Page.TraceId}-{Page.SpanId}-01";

    public IReadOnlyList<Activity> Ended => [.. _ended];

    /// <returns>The one span of this name, once it has ended.</returns>
    public async Task<Activity> EndedAsync(string displayName)
    {
        await Eventually.HoldsAsync(
            () => _ended.Any(activity => activity.DisplayName == displayName), $"the span '{displayName}' has ended");
        return Assert.Single(_ended, activity => activity.DisplayName == displayName);
    }

    public void Dispose() => _listener.Dispose();
}
