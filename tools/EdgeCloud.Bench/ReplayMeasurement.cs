using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;

namespace EdgeCloud.Bench;

/// <summary>
/// <c>replay EVENTS [DEVICES [KAFKA [HISTORY]]]</c>: how long a server process takes from its start until it is ready,
/// with so many events retained, and the memory it has then: with an empty store, and with the one that this left.
/// KAFKA is the address of a broker with empty topics; without it, the embedded broker, twice: faces only, and with a
/// pose each. Its 5 MiB a partition hold them because the events of a batch differ in id and time only, and are
/// compressed; the server decompresses, decodes and checks each of them all the same. HISTORY is the connection string
/// of an empty PostgreSQL; without it, a file.
/// </summary>
internal static class ReplayMeasurement
{
    private const int Partitions = 6;
    public static async Task RunAsync(int events, int devices, string? kafka, string? history)
    {
        foreach (var withPose in kafka is null ? (bool[])[false, true] : [false])
        {
            using var broker = kafka is null
                ? new EmbeddedBroker(Partitions, DetectionTopic.Name, DetectionTopic.DeadLetterName)
                : null;
            var folder = Directory.CreateTempSubdirectory("edgecloud-");
            var (servers, store) = (
                kafka ?? broker!.BootstrapServers,
                history ?? $"Data Source={Path.Combine(folder.FullName, "history.db")}");
            var template = Example(withPose);
            Fill(servers, template, events, devices);
            Console.WriteLine(
                $"{events} events of {DetectionEventJson.Write(template).Length} bytes, {devices} devices");
            for (var start = 1; start <= 2; start++)
                await MeasureAsync(servers, store, events);
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(string bootstrapServers, string history, int events)
    {
        var began = Stopwatch.GetTimestamp();
        await using var server = await ServiceProcess.StartAsync(
            "EdgeCloud.Server",
            [("ConnectionStrings:kafka", bootstrapServers), ("ConnectionStrings:history", history)], line =>
            {
                if (line.Contains("Catching up", StringComparison.Ordinal))
                    Console.WriteLine(line);
            });
        var elapsed = Stopwatch.GetElapsedTime(began);
        var stats = await server.Http.GetFromJsonAsync<JsonElement>("/stats");
        var metrics = await server.Http.GetStringAsync("/metrics");
        var written = Regex.Match(metrics, "edgecloud_store_write_duration_seconds_sum[^ ]* ([0-9.e+-]+)").Groups[1];
        var counted = stats.GetProperty("events").GetInt64();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  ready after {elapsed.TotalSeconds:F1} s ({server.CpuTime.TotalSeconds:F1} s of processor time), "
            + $"{counted} of {events} events counted, {written} s of writing, resident {server.Resident} MB, "
            + $"peak {server.Peak} MB"));
    }

    private static void Fill(string bootstrapServers, DetectionEvent template, int events, int devices)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            CompressionType = CompressionType.Zstd,
            LingerMs = 1000,
            CompressionLevel = 9,
            BatchSize = 4_000_000,
            MessageMaxBytes = 5_000_000,
            QueueBufferingMaxMessages = 1_000_000,
        }).Build();
        var first = DateTimeOffset.UtcNow.AddMilliseconds(-events).ToMicroseconds();
        Span<byte> id = stackalloc byte[16];
        for (var i = 0; i < events; i++)
        {
            BitConverter.TryWriteBytes(id, (long)i + 1);
            var eventId = new Guid(id);
            var one = template with
            {
                DeviceId = $"edge-{i % devices}",
                Timestamp = first.AddMilliseconds(i),
                EventId = eventId,
                Frame = new FrameInfo(i, 640, 480),
            };
            var message =
                DetectionTopic.CreateMessage(one.DeviceId, eventId, one.Timestamp, DetectionEventJson.Write(one));
            while (true)
            {
                try
                {
                    producer.Produce(DetectionTopic.Name, message);
                    break;
                }
                catch (ProduceException<string, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
                {
                    producer.Flush(TimeSpan.FromSeconds(1));
                }
            }
        }

        producer.Flush(Timeout.InfiniteTimeSpan);
    }

    internal static DetectionEvent Example(bool withPose)
    {
        var random = new Random(1);
        Point Anywhere() => new(Part(), Part());
        double Part() => Math.Round(random.NextDouble(), 5);
        return new DetectionEvent
        {
            DeviceId = "edge-1",
            Timestamp = DateTimeOffset.UnixEpoch,
            PersonsDetected = 1,
            Faces =
            [
                new Face
                {
                    Conf = Part(), Xmin = Part(), Ymin = Part(), Width = Part(), Height = Part(),
                    Keypoints = new FaceKeypoints
                    {
                        RightEye = Anywhere(),
                        LeftEye = Anywhere(),
                        NoseTip = Anywhere(),
                        MouthCenter = Anywhere(),
                        RightEarTragion = Anywhere(),
                        LeftEarTragion = Anywhere(),
                    },
                },
            ],
            Schema = DetectionEvent.CurrentSchema,
            Poses = withPose ? [new PersonPose
            {
                Conf = Part(),
                ConfirmedByFace = true,
                Landmarks = [.. Enumerable.Range(0, 33).Select(_ => new Landmark(Part(), Part(), Part(), Part()))],
            }] : null,
            TimingMs = new TimingMilliseconds { Decode = 0.9, Face = 0.7, Pose = withPose ? 3.8 : null, Total = 5.4 },
            NextFrameMs = 1000,
        };
    }
}
