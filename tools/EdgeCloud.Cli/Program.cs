using System.CommandLine;
using EdgeCloud.Cli.Commands;

var root = new RootCommand("EdgeCloud's command line: try a running system, deploy it, look after it.")
{
    DoctorCommand.Create(),
    PublishCommand.Create(),
    SendCommand.Create(),
    LoadCommand.Create(),
    DlqCommand.Create(),
    ImagesCommand.Create(),
    MinikubeCommand.Create(),
    SmokeCommand.Create(),
    CarbonCommand.Create(),
};

using var interruption = new Interruption();
return await root.Parse(args).InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = null }, interruption.Token);
