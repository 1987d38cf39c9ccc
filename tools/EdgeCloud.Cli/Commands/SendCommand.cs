using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary><c>send</c>: posts a photo to the edge as the camera page does, and prints the event.</summary>
internal static class SendCommand
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var photo = new Argument<FileInfo>("photo") { Description = "A JPEG" };
        var url = Addresses.Edge("--url");
        var device = new Option<string?>("--device")
        {
            Description = "The device id to send under; the edge's default when left out",
        };
        var repeat =
            new Option<int>("--repeat") { Description = "How many times to send it", DefaultValueFactory = _ => 1 };
        var fps = new Option<double>("--fps")
        {
            Description = "How many a second, when repeating",
            DefaultValueFactory = _ => 1,
        };
        var detail = new Option<string>("--detail")
        {
            Description = "How closely the edge looks: high looks for faces in tiles of the photo too",
            DefaultValueFactory = _ => "normal",
        };
        detail.AcceptOnlyFromAmong("normal", "high");
        photo.AcceptExistingOnly();
        repeat.Validators.Add(result =>
            Require(result.GetValueOrDefault<int>() > 0, result, "--repeat must be at least 1."));
        fps.Validators.Add(result => Require(
            result.GetValueOrDefault<double>() is > 0 and <= 1000, result, "--fps must be above 0 and at most 1000."));

        var command = new Command("send", "Send a photo to the edge as the camera "
            + "page does, and print the event") { photo, url, device, repeat, fps, detail };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(photo), parsed.GetRequiredValue(url),
            new Look(parsed.GetValue(device), parsed.GetRequiredValue(detail)), parsed.GetValue(repeat),
            parsed.GetValue(fps), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo photo, Uri url, Look look, int repeat, double fps, CancellationToken cancellationToken)
    {
        byte[] jpeg;
        try
        {
            jpeg = await File.ReadAllBytesAsync(photo.FullName, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = Directory.Exists(photo.FullName) ? "It is a directory." : exception.Message;
            Terminal.Error.MarkupLineInterpolated($"[red]{photo} cannot be read:[/] {reason}");
            return 1;
        }

        var image = "data:image/jpeg;base64," + Convert.ToBase64String(jpeg);
        using var client = new HttpClient { BaseAddress = url, Timeout = AnswerTimeout };
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1 / fps));
        var failed = 0;
        for (var i = 0; i < repeat; i++)
        {
            if (i > 0)
                await pace.WaitForNextTickAsync(cancellationToken);
            if (!await SendAsync(client, image, look, indent: repeat == 1, cancellationToken))
                failed++;
        }

        return failed == 0 ? 0 : 1;
    }

    private static async Task<bool> SendAsync(
        HttpClient client, string image, Look look, bool indent, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["image"] = image,
            ["captured_at"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
        };
        if (look.Device is not null)
            body["device_id"] = look.Device;

        try
        {
            using var response = await client.PostAsJsonAsync($"/frame?detail={look.Detail}", body, cancellationToken);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                Console.WriteLine(indent ? JsonNode.Parse(answer)?.ToJsonString(Indented) : answer);
                return true;
            }

            Terminal.Error.MarkupLineInterpolated($"[red]{(int)response.StatusCode}[/] {answer}");
        }
        catch (HttpRequestException exception)
        {
            Terminal.Error.MarkupLineInterpolated(
                $"[red]{client.BaseAddress} cannot be reached:[/] {exception.Message} {Addresses.IsItUp}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Terminal.Error.MarkupLineInterpolated(
                $"[red]{client.BaseAddress} does not answer[/] within {AnswerTimeout.TotalSeconds} s.");
        }
        catch (JsonException)
        {
            Terminal.Error.MarkupLineInterpolated($"[red]{client.BaseAddress} answers, but not with an event.[/]");
        }

        return false;
    }

    private static void Require(bool holds, SymbolResult result, string message)
    {
        if (!holds)
            result.AddError(message);
    }

    /// <param name="Device">Under what id it is sent; null for the edge's default.</param>
    /// <param name="Detail">As the edge's API has it.</param>
    private sealed record Look(string? Device, string Detail);
}
