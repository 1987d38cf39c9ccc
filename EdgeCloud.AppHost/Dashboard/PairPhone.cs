using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeCloud.AppHost.Dashboard;

/// <summary>The command that has the edge listen for phones, and shows the code that pairs one.</summary>
internal static class PairPhone
{
    public const string CommandName = "pair-phone";

    public static IResourceBuilder<ProjectResource> WithPairPhone(this IResourceBuilder<ProjectResource> edge) =>
        edge.WithHttpCommand("/phone", "Pair a phone", "http", CommandName, new HttpCommandOptions
        {
            Description = "Listens for phones of the local network with HTTPS, and shows the QR code that pairs one.",
            IconName = "Phone",
            GetCommandResult = static result => AnswerAsync(result.Response, result.CancellationToken),
        });

    private static async Task<ExecuteCommandResult> AnswerAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var problem = await response.Content.ReadAsStringAsync(cancellationToken);
            return CommandResults.Failure($"The edge answered {(int)response.StatusCode}: {problem}");
        }

        var status = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return CommandResults.Success(
            $"Phones find the edge at {status.GetProperty("addresses")[0]}. The camera page shows the code, too.",
            status.GetProperty("code").GetString()!, CommandResultFormat.Text, displayImmediately: true);
    }
}
