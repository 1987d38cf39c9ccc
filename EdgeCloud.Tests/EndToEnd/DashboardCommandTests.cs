namespace EdgeCloud.Tests.EndToEnd;

/// <summary>The commands that the dashboard offers, on the running system.</summary>
[Collection(RunningSystemCollection.Name)]
public sealed class DashboardCommandTests(RunningSystem system)
{
    [Fact]
    public async Task The_test_photo_is_sent_and_its_person_told()
    {
        var result = await system.Commands.ExecuteCommandAsync("edge", "send-test-photo");

        Assert.True(result.Success, result.Message);
        Assert.StartsWith("1 person found; event ", result.Message, StringComparison.Ordinal);
        var id = result.Message!.Split(' ')[^1].TrimEnd('.');
        await Eventually.HoldsAsync(
            async () => (await system.Server.IdsAsync("?device_id=dashboard")).Contains(id),
            "the server has the event");
    }

    [Fact]
    public async Task A_broker_that_is_taken_away_comes_back_with_every_event_of_the_outage()
    {
        Assert.True((await system.Commands.ExecuteCommandAsync("kafka", "broker-away")).Success);
        await Eventually.HoldsAsync(
            async () => (await system.Edge.GetStringAsync("/health")) == "Degraded", "the edge notices the outage");
        var during = await (await system.Edge.PostJpegAsync(Photo.Astronaut, "?device_id=outage")).EventAsync();

        Assert.True((await system.Commands.ExecuteCommandAsync("kafka", "broker-back")).Success);

        var id = during.GetProperty("event_id").GetString();
        await Eventually.HoldsAsync(
            async () => (await system.Server.IdsAsync("?device_id=outage")).SequenceEqual([id]),
            "the event has followed");
    }

    [Fact]
    public async Task A_phone_is_paired_by_the_code_that_the_dashboard_shows()
    {
        var result = await system.Commands.ExecuteCommandAsync("edge", "pair-phone");

        Assert.True(result.Success, result.Message);
        Assert.StartsWith("Phones find the edge at https://", result.Message, StringComparison.Ordinal);
        Assert.Contains("▄▄▄▄▄", result.Data!.Value, StringComparison.Ordinal);
        using var closed = await system.Edge.DeleteAsync("/phone");
        Assert.True(closed.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Dead_letters_are_replayed_by_the_command_line()
    {
        var result = await system.Commands.ExecuteCommandAsync("server", "replay-dead-letters");

        Assert.True(result.Success, result.Message);
        Assert.Contains("sent again", result.Data!.Value, StringComparison.Ordinal);
    }
}
