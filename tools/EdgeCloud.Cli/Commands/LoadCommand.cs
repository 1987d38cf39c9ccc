using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary><c>load</c>: many devices at once, each sending the next frame when the last is answered; prints what it took, as seen from outside and by the edge.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var photo = new Argument<FileInfo>("photo") { Description = "A JPEG" };
        var url = EdgeAddress.Option();
        var clients = new Option<int>("--clients") { Description = "How many devices send at once", DefaultValueFactory = _ => 1 };
        var frames = new Option<int>("--frames") { Description = "How many frames each sends, after a tenth of them to warm up", DefaultValueFactory = _ => 500 };
        photo.AcceptExistingOnly();
        foreach (var count in (Option<int>[])[clients, frames])
        {
            count.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                    result.AddError($"{count.Name} must be at least 1.");
            });
        }

        var command = new Command("load", "Send frames of many devices as fast as they are answered, and print what it took") { photo, url, clients, frames };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(photo), parsed.GetRequiredValue(url), parsed.GetValue(clients), parsed.GetValue(frames), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo photo, Uri url, int clients, int frames, CancellationToken cancellationToken)
    {
        var jpeg = await File.ReadAllBytesAsync(photo.FullName, cancellationToken);
        using var http = new HttpClient { BaseAddress = url };
        await Task.WhenAll(Enumerable.Range(1, clients).Select(client => SendAsync(http, jpeg, client, Math.Max(1, frames / 10), cancellationToken)));

        var started = Stopwatch.GetTimestamp();
        var answers = (await Task.WhenAll(Enumerable.Range(1, clients).Select(client => SendAsync(http, jpeg, client, frames, cancellationToken)))).SelectMany(all => all).ToArray();
        var elapsed = Stopwatch.GetElapsedTime(started);

        var accepted = answers.Where(answer => answer.Status == 200).ToArray();
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{clients} clients, {answers.Length} frames in {elapsed.TotalSeconds:F1} s: {accepted.Length / elapsed.TotalSeconds:F0} accepted a second"));
        foreach (var refused in answers.Where(answer => answer.Status != 200).GroupBy(answer => answer.Status))
            AnsiConsole.WriteLine($"refused with {refused.Key}: {refused.Count()}");

        var table = new Table().Border(TableBorder.None).AddColumns("ms", "p50", "p90", "p99", "max");
        AddRow(table, "round trip", accepted.Select(answer => answer.RoundTripMilliseconds));
        foreach (var stage in accepted.SelectMany(answer => answer.Stages.Keys).Distinct())
            AddRow(table, $"edge: {stage}", accepted.Select(answer => answer.Stages[stage]));
        AnsiConsole.Write(table);
        return accepted.Length == answers.Length ? 0 : 1;
    }

    private static async Task<List<Answer>> SendAsync(HttpClient http, byte[] jpeg, int client, int frames, CancellationToken cancellationToken)
    {
        var answers = new List<Answer>(frames);
        for (var i = 0; i < frames; i++)
        {
            using var content = new ByteArrayContent(jpeg);
            content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            var started = Stopwatch.GetTimestamp();
            using var response = await http.PostAsync($"/frame?device_id=load-{client}", content, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            answers.Add(new Answer((int)response.StatusCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds, Stages(body)));
        }

        return answers;
    }

    private static Dictionary<string, double> Stages(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty("timing_ms", out var timing)
            ? timing.EnumerateObject().ToDictionary(stage => stage.Name, stage => stage.Value.GetDouble())
            : [];
    }

    private static void AddRow(Table table, string name, IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        if (sorted.Length > 0)
            table.AddRow([name, .. ((double[])[0.5, 0.9, 0.99, 1]).Select(part => sorted[(int)Math.Min(sorted.Length * part, sorted.Length - 1)].ToString("F2", CultureInfo.InvariantCulture))]);
    }

    private sealed record Answer(int Status, double RoundTripMilliseconds, Dictionary<string, double> Stages);
}
