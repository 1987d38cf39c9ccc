using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>phone</c>: has the running edge listen for phones of the local network, and shows the QR code that pairs one;
/// <c>phone revoke</c> and <c>phone close</c> take that back.
/// </summary>
internal static class PhoneCommand
{

    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>By number, since a terminal's theme may have other colours under these names.</summary>
    private static readonly Style WhiteOnBlack = new(Color.FromInt32(231), Color.FromInt32(16));

    public static Command Create()
    {
        var edge = Addresses.Edge("--edge");
        var command = new Command("phone", "Let phones of the local network be cameras, and show the code to scan")
        {
            edge, Revoke(), Close(),
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(edge), HttpMethod.Post, "/phone", Show, cancellationToken));
        return command;
    }

    private static Command Revoke()
    {
        var edge = Addresses.Edge("--edge");
        var device = new Argument<string?>("device")
        {
            Description = "The device id of one phone; all of them when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("revoke", "Let one phone or all of them send no longer, and make another code")
        {
            device, edge,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(edge), HttpMethod.Post,
            parsed.GetValue(device) is { } one
                ? $"/phone/revoke?device_id={Uri.EscapeDataString(one)}"
                : "/phone/revoke",
            status =>
            {
                AnsiConsole.WriteLine("Revoked. The code of before pairs no phone any more.");
                ShowPhones(status);
            },
            cancellationToken));
        return command;
    }

    private static Command Close()
    {
        var edge = Addresses.Edge("--edge");
        var command = new Command("close", "Listen for phones no longer; those that are paired stay so") { edge };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(edge), HttpMethod.Delete, "/phone",
            static _ => AnsiConsole.WriteLine("The edge does not listen for phones."), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(
        Uri edge, HttpMethod method, string path, Action<Status> show, CancellationToken cancellationToken) =>
        EdgeQuestion.AskAsync(
            edge,
            async client =>
            {
                using var request = new HttpRequestMessage(method, path);
                return await client.SendAsync(request, cancellationToken);
            },
            answer => show(JsonSerializer.Deserialize<Status>(answer, Json)
                ?? throw new JsonException("The answer is null.")),
            "its answer says nothing of phones.", cancellationToken);

    private static void Show(Status status)
    {
        if (status is not { Listening: true, Code: { } code, Addresses: [var address, .. var others] })
            throw new JsonException("The edge does not listen.");
        AnsiConsole.WriteLine("Scan this with a phone in the same network, and go on past the browser's warning:");
        AnsiConsole.WriteLine();
        foreach (var line in code.Split('\n'))
        {
            AnsiConsole.Write(new Text(Terminal.Printable(line), WhiteOnBlack));
            AnsiConsole.WriteLine();
        }

        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine($"It leads to {Terminal.Printable(address)}");
        foreach (var other in others)
            AnsiConsole.WriteLine($"also        {Terminal.Printable(other)}");
        AnsiConsole.WriteLine($"authority   {Terminal.Printable(status.AuthorityFingerprint ?? "")}");
        ShowPhones(status);
    }

    private static void ShowPhones(Status status)
    {
        if (status.Phones.Count == 0)
        {
            AnsiConsole.WriteLine("No phone is paired.");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("device", "name", "paired (UTC)");
        foreach (var phone in status.Phones)
        {
            table.AddRow(
                new Text(Terminal.Printable(phone.DeviceId)), new Text(Terminal.Printable(phone.Name)),
                new Text(phone.PairedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)));
        }

        AnsiConsole.Write(table);
    }

    private sealed record Status(
        bool Listening, string[]? Addresses, string? Code, string? AuthorityFingerprint,
        [property: JsonRequired] IReadOnlyList<Phone> Phones);

    private sealed record Phone(string DeviceId, string Name, DateTimeOffset PairedAt);
}
