using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Docs;

/// <summary>Commands in the documents that start one service, which without the AppHost is told of Kafka.</summary>
public sealed partial class ServicesStartedAloneTests
{
    [Fact]
    public void A_service_that_is_started_alone_is_told_where_Kafka_is()
    {
        var commands = Repository.Files("md").SelectMany(document => Command().Matches(
            File.ReadAllText(Path.Combine(Repository.Root, document)))).Select(match => match.Value).ToArray();
        Assert.True(commands.Length >= 3, "There are such commands.");
        Assert.All(commands, command => Assert.Matches("ConnectionStrings(__|:)kafka=", command));
    }

    [Fact]
    public async Task The_runbooks_command_for_another_port_starts_an_edge()
    {
        using var folder = new TemporaryFolder();
        var runbook = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbook.md"));
        var arguments = EdgeArguments().Match(runbook).Groups[1].Value
            .Replace("localhost:9101", "127.0.0.1:0", StringComparison.Ordinal)
            .Replace("HOST:PORT", "127.0.0.1:1", StringComparison.Ordinal);

        using var edge = ChildProcess.Start(ChildProcess.Dotnet(
            "EdgeCloud.Edge",
            [.. arguments.Split(' '), $"--Edge:Events:OutboxPath={folder.File("outbox.db")}",
                "--Edge:Frames:FrameFile="]));

        await edge.LineAsync("Now listening on: http://127.0.0.1:");
    }

    /// <summary>With what stands before it in its line or code span, and a line that it is continued on.</summary>
    [GeneratedRegex(@"[^`\n]*dotnet run --project EdgeCloud\.(Edge|Server)\b([^`\n]*\\\n)?[^`\n]*")]
    private static partial Regex Command();

    [GeneratedRegex("`dotnet run --project EdgeCloud.Edge -- ([^`]*)`")]
    private static partial Regex EdgeArguments();
}
