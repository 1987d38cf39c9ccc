using System.CommandLine;
using EdgeCloud.Cli.Deployment;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>smoke</c>: whether a deployment does its work. Exit code 0: it does; 1: something answers wrongly or not in time;
/// 2: edge or server cannot be reached.
/// </summary>
internal static class SmokeCommand
{
    private const int Failed = 1;
    private const int Unreachable = 2;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var url = Addresses.Edge("--url");
        var server = Addresses.Server();
        var patience = new Option<double>("--patience")
        {
            Description = "How many seconds edge and server may take to be ready, and the event to the server",
            DefaultValueFactory = _ => 60,
        };
        var command = new Command("smoke", "Check a running system: a photo goes in, "
            + "one person comes out, the event reaches the server") { url, server, patience };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(
                parsed.GetRequiredValue(url), parsed.GetRequiredValue(server),
                TimeSpan.FromSeconds(parsed.GetValue(patience)), cancellationToken));
        return command;
    }

    internal static async Task<int> RunAsync(
        Uri edgeAddress, Uri serverAddress, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var edge = new HttpClient { BaseAddress = edgeAddress, Timeout = AnswerTimeout };
        using var server = new HttpClient { BaseAddress = serverAddress, Timeout = AnswerTimeout };
        try
        {
            var report = await new SmokeTest(edge, server, patience)
                .RunAsync(await File.ReadAllBytesAsync(Repository.TestPhoto, cancellationToken), cancellationToken);
            var (reply, visible) = (report.Reply.TotalMilliseconds, report.Visible.TotalMilliseconds);
            var eventId = report.EventId;
            AnsiConsole.MarkupLineInterpolated(
                $"[green]Good:[/] one person in {reply:F0} ms, event {eventId} at the server {visible:F0} ms later.");
            return 0;
        }
        catch (DeploymentException exception)
        {
            Terminal.Error.MarkupLineInterpolated($"[red]Not good:[/] {exception.Message}");
            return Failed;
        }
        catch (Exception exception) when (exception is HttpRequestException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Terminal.Error.MarkupLineInterpolated(
                $"[red]Edge ({edgeAddress}) or server ({serverAddress}) cannot be reached:[/] {exception.Message}");
            return Unreachable;
        }
    }
}
