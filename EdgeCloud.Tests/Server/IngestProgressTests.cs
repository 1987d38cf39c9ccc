using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Server.Ingest;

namespace EdgeCloud.Tests.Server;

/// <summary>The group has finished with 100 messages of partition 0, and the log ends at another offset.</summary>
public sealed class IngestProgressTests
{
    private readonly IngestProgress _progress = new(TimeProvider.System);

    [Fact]
    public void An_offset_behind_the_end_is_void_where_the_broker_does_not_say_which_log_it_is()
    {
        Assign(end: 40);

        IsRestarted(committed: 0);
        Assert.False(Locate(10).IsReplay);
        Assert.Null(_progress.TryReassign());
    }

    [Fact]
    public void Where_the_broker_does_not_say_which_log_it_is_only_partitions_that_end_too_early_begin_anew()
    {
        _progress.Assign([new(0, Committed: 100, Low: 0, High: 40), new(1, Committed: 5, Low: 0, High: 9)]);

        var reassignment = _progress.TryReassign();

        Assert.NotNull(reassignment);
        Assert.Equal([0], reassignment.Restarted.Keys);
        Assert.Equal([0, 1], reassignment.Offsets.Keys.Order());
    }

    [Fact]
    public void Of_a_log_that_lost_messages_what_is_left_is_not_handled_again()
    {
        Assign(end: 100);
        _progress.NoteLog("a");
        Assert.True(_progress.ThrowBack(0, begin: 0, end: 40));
        Assert.Null(_progress.TryReassign());

        _progress.NoteLog("a");

        IsRestarted(committed: 40);
        Assert.True(Locate(39).IsReplay);
        Assert.False(Locate(40).IsReplay);
    }

    [Fact]
    public void Of_a_log_made_anew_only_what_was_handled_since_it_was_asked_for_is_not_handled_again()
    {
        Assign(end: 100);
        _progress.NoteLog("a");
        _progress.Processed(Message(100, "of the old log"), isReplay: false);
        _progress.Processed(Message(101, "of the new log"), isReplay: false);

        _progress.NoteLog("b");

        IsRestarted(committed: 0);
        Assert.False(Locate(99).IsReplay);
        Assert.False(_progress.Locate(Message(100, "of the new log")).IsReplay);
        Assert.True(_progress.Locate(Message(101, "of the new log")).IsReplay);
    }

    [Fact]
    public void What_was_handled_before_a_question_that_the_same_log_answered_was_of_that_log()
    {
        Assign(end: 100);
        _progress.NoteLog("a");
        _progress.Processed(Message(100, "the same"), isReplay: false);
        _progress.NoteLog("a");
        _progress.NoteLog("a");

        _progress.NoteLog("b");

        IsRestarted(committed: 0);
        Assert.False(_progress.Locate(Message(100, "the same")).IsReplay);
    }

    [Fact]
    public void What_was_not_committed_when_a_partition_was_lost_is_stored_again_at_its_end_and_once()
    {
        Assign(end: 102);
        _progress.NoteLog("a");
        Assert.True(Locate(100).MustStore);
        _progress.Processed(Message(100, "committed"), isReplay: false);
        _progress.Processed(Message(101, "not committed"), isReplay: false);

        _progress.Assign([new(0, Committed: 101, Low: 0, High: 102)]);
        Assert.True(_progress.MustStoreEnd(0));
        Assert.False(_progress.MustStoreEnd(0));

        _progress.Assign([new(0, Committed: 102, Low: 0, High: 102)]);
        Assert.False(_progress.MustStoreEnd(0));
    }

    private void Assign(long end)
    {
        _progress.Assign([new AssignedPartition(0, Committed: 100, Low: 0, High: end)]);
        if (end >= 100)
            Assert.True(Locate(99).IsReplay);
    }

    private void IsRestarted(long committed)
    {
        var restart = _progress.TryReassign();
        Assert.NotNull(restart);
        Assert.Equal(new(0, committed), Assert.Single(restart.Restarted));
        Assert.Equal(new(0, Offset.Beginning), Assert.Single(restart.Offsets));
    }

    private Place Locate(long offset) => _progress.Locate(Message(offset, ""));

    private static ConsumeResult<byte[], byte[]> Message(long offset, string value) => new()
    {
        TopicPartitionOffset = new TopicPartitionOffset(DetectionTopic.Name, 0, offset),
        Message = new() { Value = System.Text.Encoding.UTF8.GetBytes(value) },
    };
}
