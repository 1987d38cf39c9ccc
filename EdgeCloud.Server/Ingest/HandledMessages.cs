using Confluent.Kafka;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// The messages of a partition that were handled since it was last certain which log they lie in. A topic can be made
/// anew between two questions, and whoever reads on at the same offset reads the new log: when that is known, it is
/// read from its beginning, and what was handled of it already must not be handled twice. Not thread-safe:
/// <see cref="IngestProgress"/> guards it.
/// </summary>
internal sealed class HandledMessages
{
    /// <summary>Of each list; more are handled only while Kafka does not say which log it is.</summary>
    private const int Capacity = 200_000;

    private List<KeyValuePair<long, int>> _beforeAnswer = [], _sinceAnswer = [];
    private Dictionary<long, int> _maybeInNewLog = [];

    public void Add(ConsumeResult<byte[], byte[]> message)
    {
        if (_sinceAnswer.Count == Capacity)
            Confirm();
        _sinceAnswer.Add(new(message.Offset, Fingerprint(message.Message)));
    }

    /// <summary>
    /// The log is still the same. What was handled before the last answer was handled before this question, and so lies
    /// in that log.
    /// </summary>
    public void Confirm()
    {
        (_beforeAnswer, _sinceAnswer) = (_sinceAnswer, _beforeAnswer);
        _sinceAnswer.Clear();
    }

    /// <summary>The log is another.</summary>
    public void BeginLog()
    {
        _maybeInNewLog = [];
        foreach (var (offset, fingerprint) in _beforeAnswer.Concat(_sinceAnswer))
            _maybeInNewLog[offset] = fingerprint;
        _beforeAnswer.Clear();
        _sinceAnswer.Clear();
    }

    /// <returns>Whether a message of the new log was handled already.</returns>
    public bool Contains(ConsumeResult<byte[], byte[]> message) =>
        _maybeInNewLog.Remove(message.Offset, out var fingerprint) && fingerprint == Fingerprint(message.Message);

    private static int Fingerprint(Message<byte[], byte[]> message)
    {
        var hash = new HashCode();
        hash.Add(message.Timestamp.UnixTimestampMs);
        hash.AddBytes(message.Value);
        return hash.ToHashCode();
    }
}
