using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Server.Store;

/// <summary>Configuration section <c>Server:History</c>.</summary>
internal sealed class HistoryOptions : IValidatableObject
{
    public const string Section = "Server:History";

    /// <summary>How long the counts of each minute, and of five, are kept.</summary>
    public TimeSpan MinutesFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the counts of each hour are kept.</summary>
    public TimeSpan HoursFor { get; set; } = TimeSpan.FromDays(730);

    /// <summary>The seconds of a bucket, and for how long after its end its counts are kept.</summary>
    public IEnumerable<(int Seconds, TimeSpan KeptFor)> Buckets() =>
    [
        (EventBatch.Minute, MinutesFor), (EventBatch.FiveMinutes, MinutesFor), (EventBatch.Hour, HoursFor),
    ];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinutesFor < TimeSpan.FromHours(1))
            yield return new ValidationResult($"{Section}:MinutesFor must be an hour at least.");
        if (HoursFor < MinutesFor)
            yield return new ValidationResult($"{Section}:HoursFor must not be shorter than {Section}:MinutesFor.");
        if (HoursFor > TimeSpan.FromDays(36_500))
            yield return new ValidationResult($"{Section}:HoursFor must be a hundred years at most.");
    }
}
