using System.ComponentModel.DataAnnotations;
using EdgeCloud.Contract;

namespace EdgeCloud.Server.Ingest;

/// <summary>Configuration section <c>Server:Ingest</c>.</summary>
internal sealed class IngestOptions
{
    public const string Section = "Server:Ingest";
    private const string TopicName = "^[A-Za-z0-9._-]{1,249}$";
    private const string TopicRule =
        " must be a Kafka topic name: 1 to 249 letters, digits, dots, underscores or hyphens.";

    [Required(ErrorMessage = Section + ":Topic must name a Kafka topic.")]
    [RegularExpression(TopicName, ErrorMessage = Section + ":Topic" + TopicRule)]
    public string Topic { get; set; } = DetectionTopic.Name;

    /// <summary>Where messages go that are not events.</summary>
    [Required(ErrorMessage = Section + ":DeadLetterTopic must name a Kafka topic.")]
    [RegularExpression(TopicName, ErrorMessage = Section + ":DeadLetterTopic" + TopicRule)]
    public string DeadLetterTopic { get; set; } = DetectionTopic.DeadLetterName;

    /// <summary>Of who came and went. Each server reads all of it, in no group.</summary>
    [Required(ErrorMessage = Section + ":PresenceTopic must name a Kafka topic.")]
    [RegularExpression(TopicName, ErrorMessage = Section + ":PresenceTopic" + TopicRule)]
    public string PresenceTopic { get; set; } = Contract.PresenceTopic.Name;

    [Required(ErrorMessage = Section + ":ConsumerGroup must name a Kafka consumer group.")]
    public string ConsumerGroup { get; set; } = DetectionTopic.ConsumerGroup;
}
