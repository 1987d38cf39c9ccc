using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>outbox list</c> and <c>outbox retry</c>: the events that Kafka rejects and the edge has set aside, and sending
/// them again when the cause is fixed. Through the edge, which is the one owner of its outbox.
/// </summary>
internal static class OutboxCommand
{
    private const string NoOutbox = "its answer is not that of an outbox.";
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    public static Command Create() =>
        new("outbox", "Look at the events that Kafka rejects, and send them again") { List(), Retry() };

    private static Command List()
    {
        var edge = Addresses.Edge("--edge");
        var limit = new Option<int>("--limit")
        {
            Description = "How many of the oldest to show",
            DefaultValueFactory = _ => DefaultLimit,
        };
        var json = new Option<bool>("--json") { Description = "Print the edge's answer as it is" };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxLimit)
                result.AddError($"--limit must lie between 1 and {MaxLimit}.");
        });
        var command = new Command("list", "Show the events that the edge has set aside, since Kafka rejects them")
        {
            edge, limit, json,
        };
        command.SetAction((parsed, cancellationToken) => EdgeQuestion.AskAsync(
            parsed.GetRequiredValue(edge),
            client => client.GetAsync($"/outbox?limit={parsed.GetValue(limit)}", cancellationToken),
            parsed.GetValue(json) ? Console.WriteLine : answer => Show(Read<Content>(answer)), NoOutbox,
            cancellationToken));
        return command;
    }

    private static Command Retry()
    {
        var edge = Addresses.Edge("--edge");
        var ids = new Option<Guid[]>("--id")
        {
            Description = "Only the event of this id, as list shows it; may be given several times",
            HelpName = "event id",
        };
        var command = new Command(
            "retry", "Send the events again that are set aside; what Kafka still rejects is set aside again")
        {
            edge, ids,
        };
        command.SetAction((parsed, cancellationToken) => EdgeQuestion.AskAsync(
            parsed.GetRequiredValue(edge),
            client => client.PostAsJsonAsync(
                "/outbox/retry",
                parsed.GetValue(ids) is { Length: > 0 } some ? new Request(null, some) : new Request(true, null),
                Json, cancellationToken),
            answer =>
            {
                var retried = Read<Retried>(answer);
                AnsiConsole.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{retried.Events} events are sent again, {retried.SetAsideEvents} are still set aside"));
            },
            NoOutbox, cancellationToken));
        return command;
    }

    private static void Show(Content content)
    {
        var table = new Table().Border(TableBorder.None)
            .AddColumns("event id", "device", "sequence", "time (UTC)", "bytes", "reason");
        foreach (var one in content.Events)
        {
            table.AddRow(
                [
                    .. ((string[])
                    [
                        one.EventId.ToString(), one.DeviceId, one.Sequence is { } number ? Text(number) : "",
                        one.Timestamp.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Text(one.Bytes),
                        one.Reason,
                    ]).Select(cell => new Text(Terminal.Printable(cell)))
                ]);
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{content.SetAsideEvents} events are set aside, {content.WaitingEvents} wait for Kafka; "
            + $"{content.SizeBytes} of {content.MaxBytes} bytes"));
    }

    private static T Read<T>(string answer) =>
        JsonSerializer.Deserialize<T>(answer, Json) ?? throw new JsonException("The answer is null.");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Request(bool? All, Guid[]? EventIds);

    private sealed record Retried(
        [property: JsonPropertyName("retried"), JsonRequired] long Events,
        [property: JsonRequired] long SetAsideEvents);

    private sealed record Content(
        [property: JsonRequired] long WaitingEvents, [property: JsonRequired] long SetAsideEvents, long SizeBytes,
        long MaxBytes, [property: JsonRequired] IReadOnlyList<Rejected> Events);

    private sealed record Rejected(
        Guid EventId, string DeviceId, long? Sequence, DateTimeOffset Timestamp, long Bytes, string Reason);
}
