using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace EdgeCloud.AppHost.Brokers;

/// <summary>
/// The folder of a broker of one node that is its own controller (KRaft): its configuration, written at each start, and
/// its data, which stay.
/// </summary>
/// <param name="kafka">Whose broker it is.</param>
/// <param name="path">The folder, made when it is not there.</param>
/// <param name="port">Where clients reach it on 127.0.0.1.</param>
/// <param name="controllerPort">Where it speaks to itself.</param>
/// <param name="settings">Lines of server.properties beyond these, which they override.</param>
internal sealed class KafkaFolder(
    ApacheKafka kafka, string path, int port, int controllerPort, params string[] settings)
    : IDisposable
{
    private FileStream? _lock;

    public string Path => path;

    public string BootstrapServers => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>
    /// What <see cref="ApacheKafka.Java"/> is to be called with. A broker for one developer: it
    /// starts fast and stays small.
    /// </summary>
    public string[] Arguments =>
    [
        .. kafka.Arguments(
            "kafka.Kafka", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            $"-Dlog4j2.configurationFile={File("log4j2.xml")}"),
        File("server.properties"),
    ];

    private string Data => File("data");

    /// <summary>Makes the folder ready for a start, and keeps others off it until disposed of.</summary>
    /// <exception cref="SetupException">It cannot be written, another AppHost has it, or Kafka does
    /// not accept it.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(path);
            _lock ??= new FileStream(File("in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            await System.IO.File.WriteAllTextAsync(File("log4j2.xml"), Logging, cancellationToken);
            await System.IO.File.WriteAllTextAsync(File("server.properties"), Properties(), cancellationToken);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw NotWritable(exception);
        }
        catch (IOException exception)
        {
            throw Directory.Exists(path)
                ? new SetupException(
                    $"Kafka's data in {path} are in use by another AppHost: stop it, "
                    + "or set Kafka:Data to another folder.")
                : NotWritable(exception);
        }

        if (!System.IO.File.Exists(System.IO.Path.Combine(Data, "meta.properties")))
            await FormatAsync(cancellationToken);
    }

    public void Dispose() => _lock?.Dispose();

    private string File(string name) => System.IO.Path.Combine(path, name);

    private SetupException NotWritable(Exception exception) =>
        new($"Kafka's data cannot be written to {path} ({exception.Message}): set Kafka:Data to another folder.");

    private async Task FormatAsync(CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            .. kafka.Arguments(
                "kafka.tools.StorageTool", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                $"-Dlog4j2.configurationFile={File("log4j2.xml")}"),
            "format", "-t", NewClusterId(), "-c", File("server.properties"),
        ];
        using var format = Process.Start(new ProcessStartInfo(kafka.Java, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = format.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await format.StandardError.ReadToEndAsync(cancellationToken);
        await format.WaitForExitAsync(cancellationToken);
        if (format.ExitCode != 0)
        {
            var reason = (error + await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
            throw new SetupException($"Apache Kafka does not accept the folder {path}: {reason}");
        }
    }

    /// <summary>
    /// 16 bytes as Kafka writes them, Base64 for URLs; a first character that looks like an option is none of its.
    /// </summary>
    private static string NewClusterId() => string.Concat(
        "k", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))
            .TrimEnd('=').Replace('+', '-').Replace('/', '_')[1..]);

    private string Properties() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:{controllerPort}
        controller.listener.names=CONTROLLER
        listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort}
        advertised.listeners=PLAINTEXT://127.0.0.1:{port}
        log.dirs={Data.Replace('\\', '/')}
        num.partitions={Broker.Partitions}
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        group.initial.rebalance.delay.ms=0
        {string.Join('\n', settings)}
        """);

    private const string Logging =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Configuration status="error">
          <Appenders>
            <Console name="console"><PatternLayout pattern="%d{HH:mm:ss.SSS} %p %c{1}: %m%n"/></Console>
          </Appenders>
          <Loggers>
            <Logger name="kafka.server.KafkaRaftServer" level="info"/>
            <Root level="warn"><AppenderRef ref="console"/></Root>
          </Loggers>
        </Configuration>
        """;
}
