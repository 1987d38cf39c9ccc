using System.ComponentModel.DataAnnotations;
using EdgeCloud.ServiceDefaults.Contract;

namespace EdgeCloud.Edge.Events;

/// <summary>Configuration section <c>Edge:Events</c>.</summary>
internal sealed class EventOptions
{
    public const string Section = "Edge:Events";

    /// <summary>The Kafka topic that events go to.</summary>
    [Required(ErrorMessage = Section + ":Topic must name a Kafka topic.")]
    [RegularExpression("^[A-Za-z0-9._-]{1,249}$", ErrorMessage = Section + ":Topic must be a Kafka topic name: 1 to 249 letters, digits, dots, underscores or hyphens.")]
    public string Topic { get; set; } = DetectionTopic.Name;
}
