using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Confluent.Kafka.Admin;

namespace EdgeCloud.ServiceDefaults;

/// <summary>Configuration section <c>Topics</c>: how topics are created that do not exist yet.</summary>
public sealed class TopicOptions
{
    public const string Section = "Topics";

    /// <summary>Partitions of each topic; 0 leaves it to the cluster.</summary>
    [Range(0, 10_000, ErrorMessage = Section + ":Partitions must lie between 0 and 10000.")]
    public int Partitions { get; set; }

    /// <summary>Copies of each partition; 0 leaves it to the cluster.</summary>
    [Range(0, 100, ErrorMessage = Section + ":ReplicationFactor must lie between 0 and 100.")]
    public int ReplicationFactor { get; set; }

    /// <summary>How long messages are retained; zero leaves it to the cluster.</summary>
    [Range(
        typeof(TimeSpan), "00:00:00", "3650.00:00:00",
        ErrorMessage = Section + ":Retention must lie between 00:00:00 and 3650.00:00:00.")]
    public TimeSpan Retention { get; set; }

    internal TopicSpecification Specify(string topic) => new()
    {
        Name = topic,
        NumPartitions = Partitions > 0 ? Partitions : -1,
        ReplicationFactor = (short)(ReplicationFactor > 0 ? ReplicationFactor : -1),
        Configs = Retention > TimeSpan.Zero
            ? new() { ["retention.ms"] = Retention.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) }
            : [],
    };
}
