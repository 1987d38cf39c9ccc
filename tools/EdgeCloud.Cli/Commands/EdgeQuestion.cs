using System.Text.Json;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>What commands ask of a running edge, and what they say when it does not answer as an edge does.</summary>
internal static class EdgeQuestion
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    /// <param name="edge">Where it is.</param>
    /// <param name="ask">Asks it.</param>
    /// <param name="show">Gets the body of a good answer; throws JsonException for that of no edge.</param>
    /// <param name="otherwise">What is wrong then, as the end of a sentence.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> AskAsync(
        Uri edge, Func<HttpClient, Task<HttpResponseMessage>> ask, Action<string> show,
        string otherwise, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = edge, Timeout = AnswerTimeout };
        try
        {
            using var response = await ask(client);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                show(answer);
                return 0;
            }

            Terminal.Error.MarkupLineInterpolated($"[red]{(int)response.StatusCode}[/] {Terminal.Printable(answer)}");
        }
        catch (HttpRequestException exception)
        {
            Terminal.Error.MarkupLineInterpolated(
                $"[red]{edge} cannot be reached:[/] {exception.Message} {Addresses.IsItUp}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Terminal.Error.MarkupLineInterpolated(
                $"[red]{edge} has not answered[/] within {AnswerTimeout.TotalSeconds:0} s.");
        }
        catch (JsonException)
        {
            Terminal.Error.MarkupLineInterpolated($"[red]{edge} is no edge:[/] {otherwise}");
        }

        return 1;
    }
}
