using System.Diagnostics.Metrics;
using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Streams;
using EdgeCloud.Edge.Outbox;
using EdgeCloud.Edge.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Edge.Telemetry;

public sealed class MetricTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    [Fact]
    public async Task A_frame_is_measured_in_every_stage_from_its_body_to_the_confirmation_of_its_event()
    {
        using var measurements = new Measurements(edge.Application.Services.GetRequiredService<IMeterFactory>());

        await (await edge.Client.PostJpegAsync(Photo.Astronaut)).EventAsync();

        await Eventually.HoldsAsync(
            () => measurements.Of("edgecloud.stage.duration").Count == 6, "every stage is measured");
        Assert.Equal(
            ["stage=decode", "stage=face", "stage=letterbox", "stage=pose", "stage=publish", "stage=store"],
            measurements.Of("edgecloud.stage.duration")
                .Select(measured => measured.Tags).Order(StringComparer.Ordinal));
        Assert.All(measurements.Of("edgecloud.stage.duration"), measured =>
            Assert.InRange(measured.Value, double.Epsilon, double.MaxValue));
        Assert.Equal("", Assert.Single(measurements.Of("edgecloud.inference.wait")).Tags);
        Assert.Equal(("outcome=accepted", 1), TagsAndValue(Assert.Single(measurements.Of("edgecloud.frames"))));
        Assert.Equal(("", 1), TagsAndValue(Assert.Single(measurements.Of("edgecloud.frame.faces"))));
        Assert.Equal(("", 1), TagsAndValue(Assert.Single(measurements.Of("edgecloud.frame.persons"))));

        const string Sending = "messaging.destination.name=edge-data messaging.operation.name=send "
            + "messaging.operation.type=send messaging.system=kafka";
        Assert.Equal((Sending, 1), TagsAndValue(Assert.Single(Sent("messaging.client.sent.messages"))));
        Assert.Equal(Sending, Assert.Single(Sent("messaging.client.operation.duration")).Tags);

        // Beside what was sent of who came.
        Measurements.Measured[] Sent(string instrument) =>
            [.. measurements.Of(instrument).Where(each => each.Tags.Contains("=edge-data ", StringComparison.Ordinal))];
    }

    [Fact]
    public void Every_model_is_named_with_its_file_its_input_and_the_time_it_took_to_load()
    {
        using var measurements = new Measurements();
        var meters = measurements.Meters;
        using var pool = new InferencePool(
            Options.Create(new InferenceOptions { MaxConcurrency = 1 }), new InferenceMetrics(meters),
            NullLogger<ModelFiles>.Instance);

        pool.Load();

        Assert.Equal(
            [
                ("file=face_detection_short_range.onnx input=128x128 model=face", 1),
                ("file=face_detection_full_range_sparse.onnx input=192x192 model=face_full_range", 1),
                ("file=pose_detection.onnx input=224x224 model=pose_detector", 1),
                ("file=pose_landmark_lite.onnx input=256x256 model=pose_landmarks", 1),
            ],
            measurements.Of("edgecloud.model.info").Select(TagsAndValue));
        Assert.Equal(
            ["model=face", "model=face_full_range", "model=pose_detector", "model=pose_landmarks"],
            measurements.Of("edgecloud.model.load.duration").Select(measured => measured.Tags));
        Assert.All(measurements.Of("edgecloud.model.load.duration"), measured =>
            Assert.InRange(measured.Value, double.Epsilon, double.MaxValue));
    }

    [Fact]
    public async Task A_frame_that_waits_for_its_turn_is_measured_once_it_has_it()
    {
        using var measurements = new Measurements();
        var meters = measurements.Meters;
        var options =
            new InferenceOptions { MaxConcurrency = 1, Pose = PoseMode.Off, MaxWait = TimeSpan.FromMinutes(1) };
        using var pool = new InferencePool(
            Options.Create(options), new InferenceMetrics(meters), NullLogger<ModelFiles>.Instance);
        pool.Load();

        var first = await pool.AcquireAsync(CancellationToken.None);
        var second = pool.AcquireAsync(CancellationToken.None).AsTask();
        Assert.Single(measurements.Of("edgecloud.inference.wait"));
        first.Dispose();

        (await second).Dispose();
        Assert.Equal(2, measurements.Of("edgecloud.inference.wait").Count);
    }

    [Fact]
    public void To_measure_a_frame_allocates_nothing()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var (frames, stages, inference, outbox) = (new FrameMetrics(meters),
            new StageMetrics(meters), new InferenceMetrics(meters), new OutboxMetrics(meters, new(meters)));
        var found = new DetectionEvent { DeviceId = "device", Timestamp = default, PersonsDetected = 1, Faces = [] };
        var (send, delivered) = (MessagingTags.Of("send", "send", "edge-data"), new Error(ErrorCode.NoError));

        // Not a MetricCollector, which allocates for each measurement.
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
            },
        };
        var measured = 0;
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => measured++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measured++);
        listener.Start();

        for (var i = 0; i < 10; i++)
            Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Measure();

        // The runtime itself may allocate a few bytes, once; an object a frame would be more than two thousand.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        Assert.Equal(110 * 9, measured);

        void Measure()
        {
            inference.Waited(TimeSpan.FromMilliseconds(1));
            stages.Done("decode", TimeSpan.FromMilliseconds(1));
            frames.PoseFound(isTracked: true);
            frames.Accepted(found);
            outbox.Sending(send, TimeSpan.FromMilliseconds(1), delivered);
        }
    }

    private static (string Tags, double Value) TagsAndValue(Measurements.Measured measured) =>
        (measured.Tags, measured.Value);
}
