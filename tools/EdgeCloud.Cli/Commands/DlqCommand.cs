using System.CommandLine;
using System.Globalization;
using Confluent.Kafka;
using EdgeCloud.Contract;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>dlq list</c> and <c>dlq replay</c>: what the server rejected, why, and sending it again when the cause is fixed.
/// </summary>
internal static class DlqCommand
{
    private const int DefaultLimit = 50;

    public static Command Create() => new("dlq", "Look at the dead letters, and send them again") { List(), Replay() };

    private static Command List()
    {
        var (kafka, topic) = Connection();
        var limit = new Option<int>("--limit")
        {
            Description = "How many of the newest to show",
            DefaultValueFactory = _ => DefaultLimit,
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--limit must be at least 1.");
        });
        var command = new Command("list", "Show the dead letters, the newest last") { kafka, topic, limit };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(kafka)!, parsed.GetValue(topic)!, log =>
            {
                Show(log.Read(cancellationToken), parsed.GetValue(limit));
                return Task.FromResult(0);
            }));
        return command;
    }

    private static Command Replay()
    {
        var (kafka, topic) = Connection();
        var all = new Option<bool>("--all") { Description = "Send every letter again that was not sent again yet" };
        var reason = new Option<string?>("--reason") { Description = "Only those whose reason contains this" };
        var partition =
            new Option<int?>("--partition") { Description = "Only those in this partition of the dead letters' topic" };
        var offset = new Option<long?>("--offset")
        {
            Description = "Only the one at this offset of --partition, even when it was sent again before",
        };
        var command = new Command("replay", "Send dead letters to the topic "
            + "they came from, each once") { kafka, topic, all, reason, partition, offset };
        command.Validators.Add(result =>
        {
            if (result.GetValue(offset) is not null && result.GetValue(partition) is null)
                result.AddError("--offset needs --partition: offsets count in a partition.");
            if (result.GetValue(all) == (result.GetValue(reason) is not null || result.GetValue(partition) is not null))
                result.AddError("Say which: --all, or --reason, --partition, --offset.");
        });
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(kafka)!, parsed.GetValue(topic)!, log => ReplayAsync(
                log,
                letter => (parsed.GetValue(reason) is not { } text
                    || letter.Reason.Contains(text, StringComparison.OrdinalIgnoreCase))
                    && (parsed.GetValue(partition) is not { } number || letter.Position.Partition == number)
                    && (parsed.GetValue(offset) is { } place
                        ? letter.Position.Offset == place
                        : letter.Replayed is null),
                cancellationToken)));
        return command;
    }

    private static (Option<string> Kafka, Option<string> Topic) Connection() =>
        (Addresses.RequiredKafka(), new("--topic")
        {
            Description = "The topic of the dead letters",
            DefaultValueFactory = _ => DetectionTopic.DeadLetterName,
        });

    private static async Task<int> RunAsync(string bootstrapServers, string topic, Func<DeadLetterLog, Task<int>> run)
    {
        try
        {
            using var log = new DeadLetterLog(bootstrapServers, topic);
            return await run(log);
        }
        catch (KafkaException exception)
        {
            Terminal.Error.MarkupLineInterpolated(
                $"[red]Kafka at {bootstrapServers}:[/] {exception.Error.Reason}. {Addresses.IsItUp}");
            return 1;
        }
    }

    private static async Task<int> ReplayAsync(
        DeadLetterLog log, Func<DeadLetter, bool> chosen, CancellationToken cancellationToken)
    {
        var (sent, left) = (0, 0);
        foreach (var letter in log.Read(cancellationToken).Where(chosen))
        {
            if (letter.Truncated || letter.OriginalTopic is null)
            {
                var lacks = letter.Truncated ? "hold the whole original" : "say where it came from";
                AnsiConsole.MarkupLineInterpolated(
                    $"[yellow]{Place(letter)} cannot be sent again:[/] it does not {lacks}.");
                left++;
                continue;
            }

            await log.ReplayAsync(letter, cancellationToken);
            sent++;
        }

        AnsiConsole.WriteLine(left == 0 ? $"{sent} sent again" : $"{sent} sent again, {left} left");
        return left == 0 ? 0 : 1;
    }

    private static void Show(IReadOnlyList<DeadLetter> letters, int limit)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = short.MaxValue;
        var table = new Table().Border(TableBorder.None)
            .AddColumns("partition@offset", "time (UTC)", "from", "bytes", "key", "sent again (UTC)", "reason");
        foreach (var letter in letters.TakeLast(limit))
        {
            table.AddRow(
                [
                    .. ((string[])
                    [
                        Place(letter), Time(letter.Time), $"{letter.OriginalTopic ?? "?"} {letter.Origin}",
                        letter.SizeBytes, letter.Key, letter.Replayed is { } time ? Time(time) : "", letter.Reason,
                    ]).Select(cell => new Text(Terminal.Printable(cell)))
                ]);
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            $"{letters.Count} dead letters, {letters.Count(letter => letter.Replayed is not null)} of them sent again");
    }

    private static string Place(DeadLetter letter) =>
        $"{letter.Position.Partition.Value}@{letter.Position.Offset.Value}";

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
