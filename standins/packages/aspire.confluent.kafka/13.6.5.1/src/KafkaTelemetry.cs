using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenTelemetry.Instrumentation.ConfluentKafka;

/// <summary>
/// The activities and instruments of one Kafka client, off until an OpenTelemetry provider is built. Names and tags are those of version 1.24
/// of OpenTelemetry's semantic conventions for messaging; the durations carry no unit, as the real component records them.
/// </summary>
internal sealed class KafkaTelemetry
{
    public const string Name = "OpenTelemetry.Instrumentation.ConfluentKafka";
    private const string Version = "0.1.0.0";

    public static readonly ActivitySource Activities = new(Name, Version);
    private static readonly Meter Meter = new(Name, Version);
    public static readonly Counter<long> PublishedMessages = Meter.CreateCounter<long>("messaging.publish.messages");
    public static readonly Histogram<double> PublishSeconds = Meter.CreateHistogram<double>("messaging.publish.duration");
    public static readonly Counter<long> ReceivedMessages = Meter.CreateCounter<long>("messaging.receive.messages");
    public static readonly Histogram<double> ReceiveSeconds = Meter.CreateHistogram<double>("messaging.receive.duration");

    public bool Metrics { get; set; }

    public bool Traces { get; set; }

    public static class Tags
    {
        public const string ClientId = "messaging.client_id";
        public const string ConsumerGroup = "messaging.kafka.consumer.group";
        public const string Destination = "messaging.destination.name";
        public const string ErrorType = "error.type";
        public const string MessageKey = "messaging.kafka.message.key";
        public const string Offset = "messaging.kafka.message.offset";
        public const string Operation = "messaging.operation";
        public const string Partition = "messaging.kafka.destination.partition";
        public const string System = "messaging.system";
    }

    public static void Describe(Activity activity, string operation, string topic, string clientId, object? key)
    {
        activity.SetTag(Tags.System, "kafka");
        activity.SetTag(Tags.ClientId, clientId);
        activity.SetTag(Tags.Destination, topic);
        activity.SetTag(Tags.Operation, operation);
        if (key is not null)
            activity.SetTag(Tags.MessageKey, key);
    }

    public static void Record(
        Counter<long> messages, Histogram<double> seconds, TimeSpan duration, string operation, string topic, int? partition, string? errorType)
    {
        var tags = new TagList
        {
            { Tags.Operation, operation },
            { Tags.System, "kafka" },
            { Tags.Destination, topic },
        };
        if (partition is not null)
            tags.Add(Tags.Partition, partition);
        if (errorType is not null)
            tags.Add(Tags.ErrorType, errorType);
        messages.Add(1, in tags);
        seconds.Record(duration.TotalSeconds, in tags);
    }
}
