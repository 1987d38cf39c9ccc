using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Server.Ingest;
using EdgeCloud.Server.Store;

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
        _progress.Processed(Message(100, "of the old log"), isCounted: false);
        _progress.Processed(Message(101, "of the new log"), isCounted: false);

        _progress.NoteLog("b");

        IsRestarted(committed: 0);
        Assert.False(Locate(99).IsReplay);
        Assert.False(_progress.Locate(Message(100, "of the new log")).IsCounted);
        Assert.True(_progress.Locate(Message(101, "of the new log")).IsCounted);
    }

    [Fact]
    public void What_was_handled_before_a_question_that_the_same_log_answered_was_of_that_log()
    {
        Assign(end: 100);
        _progress.NoteLog("a");
        _progress.Processed(Message(100, "the same"), isCounted: false);
        _progress.NoteLog("a");
        _progress.NoteLog("a");

        _progress.NoteLog("b");

        IsRestarted(committed: 0);
        Assert.False(_progress.Locate(Message(100, "the same")).IsCounted);
    }

    [Fact]
    public void What_was_counted_and_not_committed_when_a_partition_was_lost_the_group_is_told_again_and_once()
    {
        Assign(end: 102);
        _progress.NoteStored(0, new Position("", 101, 0));
        Assert.Equal([new(0, 101)], _progress.TakeOffsets());
        _progress.NoteStored(0, new Position("", 102, 0));
        Assert.Equal([new(0, 102)], _progress.TakeOffsets());
        Assert.Empty(_progress.TakeOffsets());

        _progress.Assign([new(0, Committed: 101, Low: 0, High: 102, new Position("", 102, 0))]);
        Assert.Equal([new(0, 102)], _progress.TakeOffsets());

        _progress.Assign([new(0, Committed: 102, Low: 0, High: 102, new Position("", 102, 0))]);
        Assert.Empty(_progress.TakeOffsets());
    }

    [Fact]
    public void While_a_lost_store_is_made_anew_the_groups_offset_stays_where_it_is()
    {
        Assign(end: 102);
        _progress.NoteStored(0, new Position("", 50, 0));
        Assert.Empty(_progress.TakeOffsets());
    }

    [Fact]
    public void Reading_begins_so_far_before_the_stored_position_that_the_known_events_are_read_again()
    {
        var stored = new Position("a", 60, 7);
        _progress.NoteLog("a");

        var begin = _progress.Assign([new(0, 60, 0, 100, stored), new(1, 60, 50, 100, stored)], window: 20);

        Assert.Equal((new Offset(40), new Offset(50)), (begin[0].Offset, begin[1].Offset));
        Assert.True(Locate(59) is { IsBeforePosition: true, IsCounted: true, IsReplay: true });
        Assert.True(Locate(60) is { IsBeforePosition: false, IsCounted: false, IsReplay: false });
    }

    [Fact]
    public void A_partition_that_comes_back_goes_on_where_it_was_left_unless_another_server_has_read_on()
    {
        var stored = new Position("a", 60, 7);
        _progress.NoteLog("a");
        _progress.Assign([new(0, 60, 0, 100, stored)], window: 20);
        for (var offset = 40; offset < 62; offset++)
            _progress.Processed(Message(offset, ""), isCounted: offset < 60);

        Assert.Equal(new Beginning(62, IsContinued: true), _progress.Assign([new(0, 60, 0, 100, stored)], 20)[0]);
        Assert.Equal(
            new Beginning(50, IsContinued: false),
            _progress.Assign([new(0, 60, 0, 100, stored with { Next = 70 })], window: 20)[0]);
    }

    [Fact]
    public void A_position_in_another_log_than_there_is_now_is_void_however_far_that_has_come()
    {
        _progress.NoteLog("b");
        _progress.Assign([new(0, 60, 0, 100, new Position("a", 60, 7)), new(1, 60, 0, 100, new Position("b", 60, 7))]);

        var reassignment = _progress.TryReassign();

        Assert.NotNull(reassignment);
        Assert.Equal([0], reassignment.Restarted.Keys);
        Assert.Equal((Offset.Beginning, new Offset(60)), (reassignment.Offsets[0], reassignment.Offsets[1]));
        Assert.False(Locate(10).IsCounted);
    }

    [Fact]
    public void Without_ids_a_log_is_known_by_when_its_message_before_the_position_was_written()
    {
        _progress.Assign([new(0, null, 0, 100, new Position("", 60, 1000))], window: 20);
        Locate(59, writtenAt: 1000);
        Assert.Null(_progress.TryReassign());

        _progress.Assign([new(0, null, 0, 100, new Position("", 60, 2000))], window: 20);
        Locate(59, writtenAt: 1000);
        IsRestarted(committed: 0);
        Assert.False(Locate(10).IsCounted);
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

    private Place Locate(long offset, long writtenAt = 0) => _progress.Locate(Message(offset, "", writtenAt));

    private static ConsumeResult<byte[], byte[]> Message(long offset, string value, long writtenAt = 0) => new()
    {
        TopicPartitionOffset = new TopicPartitionOffset(DetectionTopic.Name, 0, offset),
        Message = new()
        {
            Value = System.Text.Encoding.UTF8.GetBytes(value),
            Timestamp = new Timestamp(writtenAt, TimestampType.CreateTime),
        },
    };
}
