using System.CommandLine;
using EdgeCloud.Cli.Commands;

var root = new RootCommand("EdgeCloud's command line: try a running system, deploy it, look after it.")
{
    DoctorCommand.Create(),
    PublishCommand.Create(),
    SendCommand.Create(),
    LoadCommand.Create(),
    OutboxCommand.Create(),
    DlqCommand.Create(),
    ImagesCommand.Create(),
    MinikubeCommand.Create(),
    SmokeCommand.Create(),
    CarbonCommand.Create(),
};

// What is on this machine is not asked for through a proxy, which would look for it on its own.
Environment.SetEnvironmentVariable(
    "no_proxy", $"localhost,127.0.0.1,::1,{Environment.GetEnvironmentVariable("no_proxy")}");
Terminal.Prepare();

using var interruption = new Interruption();
return await root.Parse(args).InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = null }, interruption.Token);
