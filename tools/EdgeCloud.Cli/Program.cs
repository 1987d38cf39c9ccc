using System.CommandLine;
using EdgeCloud.Cli;
using EdgeCloud.Cli.Commands;

var root = new RootCommand("EdgeCloud's command line: try a running system, deploy it, look after it.")
{
    DoctorCommand.Create(),
    PublishCommand.Create(),
    SendCommand.Create(),
    PhoneCommand.Create(),
    LoadCommand.Create(),
    WatchCommand.Create(),
    AnalyseCommand.Create(),
    TracksCommand.Create(),
    OutboxCommand.Create(),
    DlqCommand.Create(),
    HistoryCommand.Create(),
    ImagesCommand.Create(),
    MinikubeCommand.Create(),
    SmokeCommand.Create(),
    CarbonCommand.Create(),
};

Terminal.Prepare();
HttpClient.DefaultProxy = new NoProxyForLoopback(HttpClient.DefaultProxy);

using var interruption = new Interruption();
try
{
    return await root.Parse(args).InvokeAsync(
        new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false },
        interruption.Token);
}
catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
{
    return interruption.ExitCode;
}
catch (Exception exception)
{
    await Console.Error.WriteLineAsync($"Unhandled exception: {exception}");
    return 1;
}
