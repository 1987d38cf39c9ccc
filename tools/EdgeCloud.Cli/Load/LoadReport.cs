namespace EdgeCloud.Cli.Load;

/// <summary>What became of the frames of a run.</summary>
internal sealed record LoadReport
{
    public required IReadOnlyList<Accepted> Accepted { get; init; }

    /// <summary>Frames not accepted, by reason.</summary>
    public required IReadOnlyDictionary<string, int> NotAccepted { get; init; }

    /// <summary>Accepted, and seen at the server.</summary>
    public required int Delivered { get; init; }

    /// <summary>Accepted, and not seen at the server: the number that has to be 0.</summary>
    public required IReadOnlyList<Guid> Lost { get; init; }

    /// <summary>
    /// On Kafka, or where that was not read seen at the server, although the answer did not arrive, as when the edge
    /// was killed in between: lawful.
    /// </summary>
    public required int DeliveredUnanswered { get; init; }

    /// <summary>The run's events as the server counts them, each of which it should have counted once.</summary>
    /// <remarks>Null when the server did not say.</remarks>
    public required long? CountedByServer { get; init; }

    /// <summary>What the server recognised as a duplicate during the run; null when it did not say.</summary>
    public required long? DuplicatesAtServer { get; init; }

    /// <summary>What the edge stores at the end, of whatever device; null when it did not say.</summary>
    public required long? InOutbox { get; init; }

    /// <summary>What Kafka confirmed to the edge during the run, of whatever device; null when it did not
    /// say.</summary>
    public required long? Confirmed { get; init; }

    /// <summary>What was on Kafka; null when it was not looked at.</summary>
    public required TopicReport? Topic { get; init; }

    public required IReadOnlyList<TimeSpan> VisibleAfter { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>
    /// The events of the run that there are, accepted or not: those on Kafka where it was looked at, otherwise
    /// those the server showed.
    /// </summary>
    public int Distinct => Topic?.Distinct ?? Delivered + DeliveredUnanswered;

    /// <summary>Those that are there still: what the server can count.</summary>
    public int Countable => Distinct - (Topic?.Gone ?? 0);

    /// <summary>
    /// Accepted, confirmed by Kafka, and deleted with the topic before it could be read; null when nobody looked.
    /// </summary>
    public long? Unread => Topic is { } topic
        ? topic.Gone == 0 ? 0 : Math.Clamp((Confirmed ?? 0) - topic.Distinct, 0, NeitherReadNorStored(topic)) : null;

    /// <summary>Accepted, neither on Kafka nor in the outbox; null when nobody looked.</summary>
    public long? Nowhere => Topic is { } topic ? NeitherReadNorStored(topic) - Unread : null;

    /// <summary>
    /// Something was accepted, none of it was lost, and the server counted once everything that Kafka still has.
    /// </summary>
    public bool IsGood =>
        Accepted.Count > 0 && Lost.Count == 0 && Topic is null or { Missing: 0 }
        && CountedByServer == Countable;

    private long NeitherReadNorStored(TopicReport topic) => Math.Max(0, topic.Missing - (InOutbox ?? 0));
}

/// <param name="Distinct">Different events.</param>
/// <param name="Duplicates">Further copies of them: lawful, since delivery is at least once.</param>
/// <param name="Missing">Accepted events that are not on the topic.</param>
internal sealed record TopicReport(int Distinct, int Duplicates, int Missing)
{
    /// <summary>Accepted events that were on the topic before it was made anew or deleted, and are not now.</summary>
    public int Gone { get; init; }

    /// <summary>Events that were not accepted, as far as anybody heard.</summary>
    public int Unanswered { get; init; }

    /// <summary>Why the topic was not read to its end; null when it was.</summary>
    public string? Problem { get; init; }
}
