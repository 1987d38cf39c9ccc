using System.Diagnostics;
using System.Globalization;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Bench;

/// <summary>
/// <c>path [seconds]</c>: what a frame takes in process and over HTTP, beside decoding it and running the models. All
/// are measured in turn, a few at a time, so that each meets the same machine.
/// </summary>
internal static class PathMeasurement
{
    /// <summary>Runs of one way before the next has its turn.</summary>
    private const int Turn = 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <param name="duration">Of each of the settings.</param>
    public static async Task RunAsync(TimeSpan duration)
    {
        foreach (var (faces, pose) in ((FaceRange, PoseMode)[])
            [
                (FaceRange.Short, PoseMode.Off), (FaceRange.Short, PoseMode.Lite),
                (FaceRange.Both, PoseMode.Off), (FaceRange.Both, PoseMode.Lite),
            ])
        {
            await using var path = await FramePath.StartAsync(faces, pose);
            Console.WriteLine($"FaceRange {faces}, Pose {pose}");
            Way[] ways =
            [
                new("decode and models", path.DecodeAndModels),
                new("in process", path.InProcess),
                new("over HTTP", path.Http),
                new("unchanged, in process", path.InProcessUnchanged),
                new("unchanged, over HTTP", path.HttpUnchanged),
                new("not uploaded, in process", path.InProcessNotUploaded),
                new("not uploaded, over HTTP", path.HttpNotUploaded),
            ];
            Measure(ways, WarmUp);
            foreach (var way in ways)
                way.Forget();
            Measure(ways, duration);
            var floor = ways[0].Median;
            foreach (var way in ways)
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{way.Name,-26} {way.Median,7:F3} ms {way.Median / floor,6:F3} x {way.Bytes,8:F0} B"));
            await MeasureClientsAsync(path, count: 2, duration / 2);
        }
    }

    private static void Measure(Way[] ways, TimeSpan duration)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < duration;)
        {
            foreach (var way in ways)
                way.Run(Turn);
        }
    }

    private static async Task MeasureClientsAsync(FramePath path, int count, TimeSpan duration)
    {
        var clients = Enumerable.Range(1, count)
            .Select(number =>
            {
                var client = path.AddClient($"client-{number}");
                return (Client: client, Way: new Way("", client.Exchange));
            })
            .ToArray();
        var runs = clients.Select(client => Task.Factory.StartNew(
            () => Measure([client.Way], duration), TaskCreationOptions.LongRunning));
        await Task.WhenAll(runs);
        var all = clients.SelectMany(client => client.Way.Milliseconds).Order().ToArray();
        var (p50, p99) = (all[all.Length / 2], all[(int)(all.Length * 0.99)]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} clients: p50 {p50:F2} ms, p99 {p99:F2} ms, {p99 / p50:F2} x, "
            + $"{all.Length / duration.TotalSeconds:F0} frames a second"));
        foreach (var (client, _) in clients)
            client.Dispose();
    }

    private sealed class Way(string name, Action once)
    {
        private readonly List<double> _milliseconds = new(100_000);
        private long _bytes;

        public string Name => name;

        public IReadOnlyList<double> Milliseconds => _milliseconds;

        public double Median => _milliseconds.Order().ElementAt(_milliseconds.Count / 2);

        /// <summary>Allocated by the whole process for one.</summary>
        public double Bytes => (double)_bytes / _milliseconds.Count;

        public void Forget()
        {
            _milliseconds.Clear();
            _bytes = 0;
        }

        public void Run(int count)
        {
            var before = GC.GetTotalAllocatedBytes();
            for (var i = 0; i < count; i++)
            {
                var started = Stopwatch.GetTimestamp();
                once();
                _milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            _bytes += GC.GetTotalAllocatedBytes() - before;
        }
    }
}
