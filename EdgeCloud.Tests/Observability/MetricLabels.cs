namespace EdgeCloud.Tests.Observability;

/// <summary>
/// The labels of each metric, as Prometheus has them, for the table of docs/metrics.md. LivePrometheusTests compares
/// them with those of a running system.
/// </summary>
internal static class MetricLabels
{
    private static readonly string[] Client = ["messaging_system",
        "messaging_destination_name", "messaging_operation_name", "messaging_operation_type", "error_type"];

    /// <summary>By the instrument's name. An instrument without labels is not here.</summary>
    public static IReadOnlyDictionary<string, string[]> Of { get; } = new Dictionary<string, string[]>
    {
        ["edgecloud.carbon"] = ["scope"],
        ["edgecloud.carbon.intensity.grams_per_kwh"] = ["location", "source"],
        ["edgecloud.consumer.lag"] = ["messaging_destination_partition_id"],
        ["edgecloud.consumer.lag.time"] = ["messaging_destination_partition_id"],
        ["edgecloud.device.last_seen.age"] = ["device_id"],
        ["edgecloud.devices"] = ["state"],
        ["edgecloud.energy"] = ["component", "share", "method"],
        ["edgecloud.frames"] = ["outcome"],
        ["edgecloud.line.crossings"] = ["device_id", "line", "direction"],
        ["edgecloud.messages"] = ["outcome"],
        ["edgecloud.model.info"] = ["model", "file", "input"],
        ["edgecloud.model.load.duration"] = ["model"],
        ["edgecloud.outbox.dropped"] = ["reason"],
        ["edgecloud.outbox.rejected"] = ["reason"],
        ["edgecloud.poses"] = ["region"],
        ["edgecloud.presence.visits"] = ["outcome"],
        ["edgecloud.source.frames"] = ["device_id"],
        ["edgecloud.source.frames.dropped"] = ["device_id"],
        ["edgecloud.source.restarts"] = ["device_id"],
        ["edgecloud.source.up"] = ["device_id"],
        ["edgecloud.stage.duration"] = ["stage"],
        ["edgecloud.store.rows"] = ["db_system_name", "db_collection_name"],
        ["edgecloud.store.size"] = ["db_system_name"],
        ["edgecloud.store.up"] = ["db_system_name"],
        ["edgecloud.zone.capacity"] = ["device_id", "zone"],
        ["edgecloud.zone.dwell"] = ["device_id", "zone"],
        ["edgecloud.zone.persons"] = ["device_id", "zone"],
        ["messaging.client.consumed.messages"] =
            [.. Client, "messaging_consumer_group_name", "messaging_destination_partition_id"],
        ["messaging.client.operation.duration"] = [.. Client, "messaging_consumer_group_name"],
        ["messaging.client.sent.messages"] = Client,
        ["messaging.process.duration"] = [.. Client, "messaging_consumer_group_name"],
    };
}
