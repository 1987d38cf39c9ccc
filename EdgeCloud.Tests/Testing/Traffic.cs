using System.Net;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// Devices that post the photo, each one frame after the other, and keep book of what the edge has answered.
/// </summary>
/// <param name="name">What their names begin with.</param>
/// <param name="edge">The edge as of now, or when there is one again.</param>
internal sealed class Traffic(string name, Func<Task<HttpClient>> edge) : IAsyncDisposable
{
    private static readonly byte[] Picture = Photo.AstronautAt(128, 128);

    private readonly Dictionary<string, List<Guid>> _accepted = Enumerable.Range(0, 4)
        .ToDictionary(i => $"{name}-{i}", _ => new List<Guid>());
    private Task _posting = Task.CompletedTask;
    private volatile bool _isStopping;
    private int _refused;
    private int _unanswered;

    /// <summary>
    /// The frames of which nobody knows whether they were accepted, because the edge was killed over them.
    /// </summary>
    public int Unanswered => _unanswered;

    /// <summary>
    /// The ids of the events in replies with status 200, by device, in the order in which they were posted.
    /// </summary>
    public IReadOnlyDictionary<string, List<Guid>> Accepted => _accepted;

    public void Start()
    {
        _isStopping = false;
        _posting = Task.WhenAll(_accepted.Select(device => PostAsync(device.Key, device.Value)));
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    public async Task StopAsync()
    {
        _isStopping = true;
        await _posting;
    }

    /// <summary>Returns when so many more frames of every device have been accepted.</summary>
    public Task AreAcceptedAsync(int more)
    {
        var wanted = _accepted.ToDictionary(device => device.Key, device => Count(device.Value) + more);
        return HoldsAsync(
            () => _accepted.All(device => Count(device.Value) >= wanted[device.Key]),
            $"{more} more frames of every device are accepted");
    }

    /// <summary>Returns when so many more frames have been refused with status 503.</summary>
    public Task AreRefusedAsync(int more)
    {
        var wanted = _refused + more;
        return HoldsAsync(() => _refused >= wanted, $"{more} more frames are refused");
    }

    private static int Count(List<Guid> accepted)
    {
        lock (accepted)
            return accepted.Count;
    }

    private async Task HoldsAsync(Func<bool> condition, string what)
    {
        await Eventually.HoldsAsync(() => condition() || _posting.IsFaulted, what);
        if (_posting.IsFaulted)
            await _posting;
    }

    private async Task PostAsync(string device, List<Guid> accepted)
    {
        while (!_isStopping)
        {
            try
            {
                using var answer = await (await edge()).PostJpegAsync(Picture, $"?device_id={device}");
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    Interlocked.Increment(ref _refused);
                    continue;
                }

                var id = (await answer.EventAsync()).GetProperty("event_id").GetGuid();
                lock (accepted)
                    accepted.Add(id);
            }
            catch (Exception exception)
                when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                // The client goes with its edge, and takes along the requests that have not noticed
                // the edge's death yet.
                Interlocked.Increment(ref _unanswered);
            }
        }
    }
}
