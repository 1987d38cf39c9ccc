using System.Diagnostics;

namespace EdgeCloud.Tests.Carbon;

public sealed class CarbonRulesTests
{
    [Fact]
    public async Task The_recording_rules_give_the_SCI_that_a_calculator_gives()
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["test", "rules", Path.Combine(Repository.Root, "observability", "prometheus", "tests", "carbon.test.yml")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = promtool.StandardError.ReadToEndAsync();
        var output = await promtool.StandardOutput.ReadToEndAsync() + await error;
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, output);
    }
}
