using System.Collections.Concurrent;
using System.Text;
using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.Overload;

/// <summary>No image leaves the edge but to who asks it for the newest frame.</summary>
public sealed class PrivacyTests
{
    private static readonly byte[] Pattern = Distinctive();

    [Theory]
    [InlineData("None")]
    [InlineData("Faces")]
    public async Task Nothing_of_a_picture_is_on_Kafka_nor_in_a_log_a_metric_or_a_trace(string blur)
    {
        using var broker = new EmbeddedBroker(partitions: 1, "edge-data");
        var seen = new ConcurrentQueue<(string Where, byte[] Bytes)>();
        await using var collector = await LocalServer.CollectAsync(
            (signal, body) => seen.Enqueue(($"OTLP {signal}", body)));
        var logs = new FakeLogCollector();
        await using var edge = new EdgeApplication(broker.BootstrapServers, new Dictionary<string, string?>
        {
            ["Edge:Frames:FrameFile"] = "",
            ["Edge:Frames:Blur"] = blur,
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
            ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "Trace",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
        })
        { Logs = logs };
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        var pictures = new List<byte[]>();
        foreach (var jpeg in new[] { Photo.Astronaut, Pattern })
        {
            // Accepted and refused, in both forms.
            await (await client.PostJpegAsync(jpeg, "?device_id=private")).EventAsync();
            await (await client.PostJsonAsync(new { image = Convert.ToBase64String(jpeg), device_id = "private" }))
                .EventAsync();
            await client.PostJpegAsync(jpeg[..^2]);
            await client.PostJpegAsync(jpeg, "?device_id=not%20valid");
            await client.PostJsonAsync(new { image = Convert.ToBase64String(jpeg)[..^1] });
            await client.PostJsonAsync(new { image = "data:text/plain," + Convert.ToBase64String(jpeg) });
            pictures.AddRange([jpeg, await client.GetByteArrayAsync("/frame.jpg?device_id=private")]);
        }

        Assert.Equal(blur == "None", pictures[0].SequenceEqual(pictures[1]));

        var published = Consume(broker.BootstrapServers, count: 4);
        seen.Enqueue(("metrics", await client.GetByteArrayAsync("/metrics")));
        await Eventually.HoldsAsync(
            () => seen.Select(entry => entry.Where).Distinct().Count() == 4, "logs, metrics and traces have arrived");
        await edge.DisposeAsync();
        Assert.NotEmpty(logs.GetSnapshot());
        foreach (var record in logs.GetSnapshot())
            seen.Enqueue(("a log line", Encoding.Latin1.GetBytes(Everything(record))));

        foreach (var jpeg in pictures)
        {
            var trace = new PictureTrace(jpeg);
            Assert.All(
                published.Concat(seen),
                entry => Assert.True(trace.FindIn(entry.Bytes) is null, $"{entry.Where} has a part of the picture."));
        }
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("Base64, shifted by 0")]
    [InlineData("Base64, shifted by 1")]
    [InlineData("Base64, shifted by 2")]
    [InlineData("hexadecimal")]
    public void A_picture_would_be_found(string form)
    {
        var trace = new PictureTrace(Pattern);
        var dataAt = Pattern.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        for (var start = dataAt + 60; start < dataAt + 200; start++)
        {
            var alignment = form[^1] - '0';
            var shifted = start + ((alignment - (start - dataAt) % 3 + 3) % 3);
            byte[] hidden = form switch
            {
                "raw" => Pattern[start..(start + PictureTrace.RunBytes)],
                "hexadecimal" =>
                    Encoding.ASCII.GetBytes(Convert.ToHexString(Pattern.AsSpan(start, PictureTrace.RunBytes))),
                _ => Encoding.ASCII.GetBytes(Convert.ToBase64String(Pattern.AsSpan(shifted, PictureTrace.RunBytes))),
            };
            Assert.Equal(form, trace.FindIn([.. "before"u8, .. hidden, .. "after"u8]));
            Assert.Null(trace.FindIn([.. "before"u8, .. hidden[..^2], .. "after"u8]));
        }
    }

    private static (string Where, byte[] Bytes)[] Consume(string bootstrapServers, int count)
    {
        var messages = TopicReader.All(bootstrapServers).Take(count).Select(result => result.Message).ToArray();
        return
        [
            .. messages.Select(message => ("a value", message.Value)),
            .. messages.Select(message => ("a key", message.Key)),
            .. messages.SelectMany(message => message.Headers)
                .Select(header => ($"the header {header.Key}", header.GetValueBytes())),
        ];
    }

    /// <summary>Noise from a fixed seed, so that no run of its data is like another.</summary>
    private static byte[] Distinctive()
    {
        using var picture = new OpenCvSharp.Mat(64, 64, OpenCvSharp.MatType.CV_8UC3);
        new Random(3).NextBytes(picture.AsSpan<byte>());
        return Photo.Jpeg(picture);
    }

    private static string Everything(FakeLogRecord record)
    {
        var values = (record.StructuredState ?? []).Select(value => $"{value.Key}={value.Value}");
        return $"{record.Message} {string.Join(' ', values)} {record.Exception}";
    }
}
