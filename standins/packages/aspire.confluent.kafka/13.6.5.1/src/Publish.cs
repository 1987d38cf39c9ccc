using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using OpenTelemetry.Context.Propagation;

namespace OpenTelemetry.Instrumentation.ConfluentKafka;

/// <summary>One message being handed to Kafka: its activity, whose context travels in the message's headers, and its measurements.</summary>
internal sealed class Publish : IDisposable
{
    private const string Operation = "publish";
    private readonly KafkaTelemetry telemetry;
    private readonly string topic;
    private readonly int? partition;
    private readonly DateTimeOffset start = DateTimeOffset.UtcNow;
    private readonly Activity? activity;
    private string? errorType;

    private Publish(KafkaTelemetry telemetry, string topic, int? partition)
    {
        this.telemetry = telemetry;
        this.topic = topic;
        this.partition = partition;
        activity = telemetry.Traces
            ? KafkaTelemetry.Activities.StartActivity($"{topic} {Operation}", ActivityKind.Producer, default(ActivityContext), startTime: start)
            : null;
    }

    public static Publish Begin<TKey, TValue>(
        KafkaTelemetry telemetry, TextMapPropagator propagator, string clientId, string topic, int? partition, Message<TKey, TValue> message)
    {
        var publish = new Publish(telemetry, topic, partition);
        if (publish.activity is { } activity)
        {
            if (activity.IsAllDataRequested)
            {
                KafkaTelemetry.Describe(activity, Operation, topic, clientId, message.Key);
                if (partition is not null)
                    activity.SetTag(KafkaTelemetry.Tags.Partition, partition);
            }
            propagator.Inject(new PropagationContext(activity.Context, Baggage.Current), message, static (carrier, name, value) =>
                (carrier.Headers ??= []).Add(name, Encoding.UTF8.GetBytes(value)));
        }
        return publish;
    }

    /// <summary>Notes why publishing failed; always false, for use in an exception filter.</summary>
    public bool Failed<TKey, TValue>(Exception failure)
    {
        var type = failure switch
        {
            ProduceException<TKey, TValue> refused => $"ProduceException: {refused.Error.Code}",
            ArgumentException argument => $"ArgumentException: {argument.ParamName}",
            _ => null,
        };
        if (type is not null && activity is not null)
        {
            // The metric too has its error type only while a trace is recorded: so does the real component's.
            errorType = type;
            activity.SetStatus(ActivityStatusCode.Error);
            activity.SetTag(KafkaTelemetry.Tags.ErrorType, type);
        }
        return false;
    }

    public void Dispose()
    {
        var end = DateTimeOffset.UtcNow;
        if (telemetry.Metrics)
        {
            KafkaTelemetry.Record(
                KafkaTelemetry.PublishedMessages, KafkaTelemetry.PublishSeconds, end - start, Operation, topic, partition, errorType);
        }
        activity?.SetEndTime(end.UtcDateTime);
        activity?.Dispose();
    }
}
