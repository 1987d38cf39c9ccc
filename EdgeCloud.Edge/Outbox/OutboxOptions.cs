using System.ComponentModel.DataAnnotations;
using EdgeCloud.Contract;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Outbox;

/// <summary>Configuration section <c>Edge:Events</c>.</summary>
internal sealed class OutboxOptions
{
    public const string Section = "Edge:Events";
    private const string TopicName = "^[A-Za-z0-9._-]{1,249}$";
    private const string TopicRule =
        " must be a Kafka topic name: 1 to 249 letters, digits, dots, underscores or hyphens.";

    /// <summary>The Kafka topic that events go to.</summary>
    [Required(ErrorMessage = Section + ":Topic must name a Kafka topic.")]
    [RegularExpression(TopicName, ErrorMessage = Section + ":Topic" + TopicRule)]
    public string Topic { get; set; } = DetectionTopic.Name;

    /// <summary>The Kafka topic that says who came and went.</summary>
    [Required(ErrorMessage = Section + ":PresenceTopic must name a Kafka topic.")]
    [RegularExpression(TopicName, ErrorMessage = Section + ":PresenceTopic" + TopicRule)]
    public string PresenceTopic { get; set; } = Contract.PresenceTopic.Name;

    /// <summary>
    /// The file that holds events until Kafka has confirmed them. Its directory must be writable, and
    /// no two edges may share it.
    /// </summary>
    [Required(ErrorMessage = Section + ":OutboxPath must name a file.")]
    public string OutboxPath { get; set; } = DataFolder.File("outbox.db");

    /// <summary>
    /// The most that the outbox holds, bytes of events; beyond it the oldest are dropped. The file may be up to twice
    /// as large, its log 4 MB on top.
    /// </summary>
    [Range(1L << 20, 1L << 40, ErrorMessage = Section + ":OutboxMaxBytes must lie between 1048576 and 1099511627776.")]
    public long OutboxMaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long an event may wait for Kafka before it is dropped.</summary>
    [Range(
        typeof(TimeSpan), "00:00:01", "365.00:00:00",
        ErrorMessage = Section + ":OutboxMaxAge must lie between 00:00:01 and 365.00:00:00.")]
    public TimeSpan OutboxMaxAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>What an accepted event survives.</summary>
    [EnumDataType(typeof(OutboxDurability), ErrorMessage = Section + ":Durability must be Relaxed or Full.")]
    public OutboxDurability Durability { get; set; } = OutboxDurability.Relaxed;
}

/// <summary>When the outbox makes the disk keep what it has written.</summary>
internal enum OutboxDurability
{
    /// <summary>
    /// Survives the end of the process at any instant, SIGKILL included. A power cut may take what the operating system
    /// had not written yet, usually the last seconds.
    /// </summary>
    Relaxed,

    /// <summary>
    /// Survives a power cut too: one fsync for every group of events committed together, and the frames wait for it.
    /// </summary>
    Full,
}
