namespace EdgeCloud.Tests.Carbon;

public sealed class CarbonRulesTests
{
    [Fact]
    public Task The_recording_rules_give_the_SCI_that_a_calculator_gives() => ChildProcess.SucceedAsync(
    [
        "promtool", "test", "rules",
        Path.Combine(Repository.Root, "observability", "prometheus", "tests", "carbon.test.yml"),
    ]);
}
