using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using EdgeCloud.Cli.Deployment;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>minikube</c>: the whole system in a cluster on this machine, from nothing to a page in the browser and back.
/// </summary>
internal static class MinikubeCommand
{
    public static Command Create() =>
        new("minikube", "Run the system in Minikube") { Up(), Status(), Open(), Logs(), Down() };

    private static Command Up()
    {
        var images = new ImageOptions();
        var ports = new PortOptions();
        var driver = new Option<string>("--driver")
        {
            Description = "Minikube's driver, for a cluster that is not running yet",
            DefaultValueFactory = _ => "docker",
        };
        var memory = new Option<int>("--memory")
        {
            Description = "Megabytes for such a cluster",
            DefaultValueFactory = _ => ClusterSize.DefaultMemoryMegabytes,
        };
        var cpus =
            new Option<int>("--cpus") { Description = "Processors for such a cluster", DefaultValueFactory = _ => 2 };
        var disk = new Option<string?>("--disk-size")
        {
            Description = "Disk for such a cluster, as minikube takes it (20g); minikube's own default when left out",
            HelpName = "size",
        };
        var archives = new Option<DirectoryInfo>("--images")
        {
            Description =
                "Takes the images from this folder, which ./edgecloud images --output wrote, instead of building them",
            HelpName = "folder",
        };
        var noForward =
            new Option<bool>("--no-forward") { Description = "Ends when all is ready instead of forwarding ports" };
        var folder = new Option<DirectoryInfo>("--manifests")
        {
            Description = "What to apply; manifests/minikube when left out",
            HelpName = "folder",
            DefaultValueFactory = _ => MinikubeManifests.Usual,
        };
        archives.AcceptExistingOnly();

        var command = new Command("up", "Start the cluster, deploy, wait until all is ready, "
            + "and forward the ports until Ctrl+C") { driver, memory, cpus, disk, archives, folder, noForward };
        images.AddTo(command);
        ports.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Deployments.RunAsync(async () =>
        {
            Cluster.RequireTools();
            var cluster = new Cluster(parsed.GetRequiredValue(images.Context));
            var source = await SourceVersion.ReadAsync(cancellationToken);
            var manifests = MinikubeManifests.Read(parsed.GetRequiredValue(folder), source.Tag);
            if (!await cluster.IsRunningAsync(cancellationToken))
                await cluster.StartAsync(
                    new ClusterSize(
                        parsed.GetRequiredValue(driver), parsed.GetValue(memory), parsed.GetValue(cpus),
                        parsed.GetValue(disk)),
                    cancellationToken);

            if (parsed.GetValue(archives) is { } archived)
                await LoadAsync(cluster, archived.FullName, source.Tag, cancellationToken);
            else
                await BuildAndLoadAsync(
                    cluster, new Images(source, images.Feed(parsed)), images.Builder(parsed), cancellationToken);

            await cluster.ApplyAsync(manifests, cancellationToken);
            await cluster.WaitUntilReadyAsync(cancellationToken);
            if (!parsed.GetValue(noForward))
                await ForwardAsync(cluster, ports, parsed, openBrowser: false, cancellationToken);
        }));
        return command;
    }

    private static Command Status()
    {
        var context = Contexts.Option();
        var command = new Command("status", "Show the cluster and what of EdgeCloud runs in it") { context };
        command.SetAction((parsed, cancellationToken) => Deployments.RunAsync(async () =>
        {
            var cluster = new Cluster(parsed.GetRequiredValue(context));
            await RequireRunningAsync(cluster, cancellationToken);
            await cluster.ShowAsync(cancellationToken);
        }));
        return command;
    }

    private static Command Open()
    {
        var (context, ports) = (Contexts.Option(), new PortOptions());
        var noBrowser = new Option<bool>("--no-browser") { Description = "Forwards the ports and opens no page" };
        var command = new Command(
            "open", "Forward the ports until Ctrl+C, and open the camera page") { noBrowser, context };
        ports.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Deployments.RunAsync(async () =>
        {
            var cluster = new Cluster(parsed.GetRequiredValue(context));
            await RequireRunningAsync(cluster, cancellationToken);
            await ForwardAsync(
                cluster, ports, parsed, openBrowser: !parsed.GetValue(noBrowser), cancellationToken);
        }));
        return command;
    }

    private static Command Logs()
    {
        var context = Contexts.Option();
        var workload = new Argument<string?>("workload")
        {
            Description = "edge, server, kafka, …; all when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var follow = new Option<bool>("--follow") { Description = "Goes on until Ctrl+C" };
        var command = new Command(
            "logs",
            "Print the log of one workload, or the events and the ends of all logs") { workload, follow, context };
        command.Validators.Add(result =>
        {
            if (result.GetValue(follow) && result.GetValue(workload) is null)
                result.AddError("--follow needs the name of a workload.");
        });
        command.SetAction((parsed, cancellationToken) => Deployments.RunAsync(async () =>
        {
            var cluster = new Cluster(parsed.GetRequiredValue(context));
            await RequireRunningAsync(cluster, cancellationToken);
            await cluster.LogsAsync(parsed.GetValue(workload), parsed.GetValue(follow), cancellationToken);
        }));
        return command;
    }

    private static Command Down()
    {
        var context = Contexts.Option();
        var purge =
            new Option<bool>("--purge") { Description = "Deletes the whole cluster, with whatever else is in it" };
        var command = new Command("down", "Remove EdgeCloud from the cluster, Kafka's data too") { purge, context };
        command.SetAction((parsed, cancellationToken) => Deployments.RunAsync(async () =>
        {
            Cluster.RequireTools();
            var cluster = new Cluster(parsed.GetRequiredValue(context));
            if (parsed.GetValue(purge))
                await cluster.PurgeAsync(cancellationToken);
            else if (await cluster.IsRunningAsync(cancellationToken))
                await cluster.RemoveAsync(cancellationToken);
            else
                Console.WriteLine($"Minikube's cluster {cluster.Context} is not running, "
                    + "so nothing was removed. --purge deletes it.");
        }));
        return command;
    }

    private static async Task BuildAndLoadAsync(
        Cluster cluster, Images images, Builder wanted, CancellationToken cancellationToken)
    {
        var builder = await Images.ChooseAsync(wanted, cancellationToken);
        await images.BuildAsync(builder, cluster.Context, cancellationToken);
        if (builder == Tool.Minikube)
            return;

        var folder = Directory.CreateTempSubdirectory("edgecloud-images-").FullName;
        try
        {
            await images.SaveAsync(builder, folder, cancellationToken);
            await LoadAsync(cluster, folder, images.Tag, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task LoadAsync(
        Cluster cluster, string folder, string tag, CancellationToken cancellationToken)
    {
        foreach (var service in Images.Services)
        {
            var archive = Images.Archive(folder, service);
            if (!File.Exists(archive))
                throw new DeploymentException(
                    $"{archive} does not exist. Write it: ./edgecloud images --output {folder}");
            await cluster.LoadAsync(archive, Images.Name(service, tag), cancellationToken);
        }
    }

    /// <summary>Forwards until Ctrl+C, also past pods that are replaced.</summary>
    private static async Task ForwardAsync(
        Cluster cluster, PortOptions ports, ParseResult parsed, bool openBrowser, CancellationToken cancellationToken)
    {
        await using var edge = await PortForward.StartAsync(
            cluster, "edge", parsed.GetValue(ports.Edge), PortOptions.EdgePort, cancellationToken);
        await using var server = await PortForward.StartAsync(
            cluster, "server", parsed.GetValue(ports.Server), PortOptions.ServerPort, cancellationToken);
        Console.WriteLine(
            $"""

              EdgeCloud runs in Minikube. Ctrl+C ends the forwarding; the system goes on.

                Camera page   {edge.Address}
                Live data     {server.Address}      {server.Address}data
                Metrics       {edge.Address}metrics   {server.Address}metrics
                Check it      ./edgecloud smoke --url {edge.Address} --server {server.Address}
                Remove it     ./edgecloud minikube down

            """);
        if (openBrowser)
            OpenBrowser(edge.Address);

        try
        {
            await Task.WhenAll(edge.KeepUpAsync(cancellationToken), server.KeepUpAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // As it should end.
        }
    }

    private static void OpenBrowser(Uri address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Win32Exception)
        {
            Console.WriteLine($"No browser could be started. Open {address} yourself.");
        }
    }

    private static async Task RequireRunningAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        Cluster.RequireTools();
        if (!await cluster.IsRunningAsync(cancellationToken))
            throw new DeploymentException(
                $"Minikube's cluster {cluster.Context} is not running. Start it: ./edgecloud minikube up");
    }

    /// <summary>Where the forwarded services are on this machine.</summary>
    private sealed class PortOptions
    {
        public const int EdgePort = 9001;
        public const int ServerPort = 9002;

        public Option<int> Edge { get; } = new("--edge-port")
        {
            Description = "This machine's port for the edge",
            DefaultValueFactory = _ => EdgePort,
        };

        public Option<int> Server { get; } = new("--server-port")
        {
            Description = "This machine's port for the server",
            DefaultValueFactory = _ => ServerPort,
        };

        public void AddTo(Command command)
        {
            command.Add(Edge);
            command.Add(Server);
        }
    }
}
