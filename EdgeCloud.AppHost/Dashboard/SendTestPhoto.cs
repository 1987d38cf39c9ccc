using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeCloud.AppHost.Dashboard;

/// <summary>The command that sends a photo of one person to the edge, as the camera page would.</summary>
internal static class SendTestPhoto
{
    public const string CommandName = "send-test-photo";

    public static IResourceBuilder<ProjectResource> WithTestPhoto(this IResourceBuilder<ProjectResource> edge)
    {
        var photo = Path.Combine(
            edge.ApplicationBuilder.AppHostDirectory, "..", "EdgeCloud.Tests", "Photos", "astronaut.jpg");
        return edge.WithHttpCommand("/frame", "Send the test photo", "http", CommandName, new HttpCommandOptions
        {
            Description = "Posts a photo of one person, marked to be traced, and says what the edge found.",
            IconName = "ImageArrowForward",
            IsHighlighted = true,
            PrepareRequest = request => PrepareAsync(request.Request, photo, request.CancellationToken),
            GetCommandResult = result => AnswerAsync(result.Response, result.CancellationToken),
        });
    }

    private static async Task PrepareAsync(
        HttpRequestMessage request, string photo, CancellationToken cancellationToken)
    {
        request.RequestUri = new UriBuilder(request.RequestUri!) { Query = "device_id=dashboard" }.Uri;
        request.Content = new ByteArrayContent(await File.ReadAllBytesAsync(photo, cancellationToken))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") },
        };

        // Outside of Development the edge traces one request in ten; who asks for this one wants to see it.
        request.Headers.Add("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01");
    }

    private static async Task<ExecuteCommandResult> AnswerAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var problem = await response.Content.ReadAsStringAsync(cancellationToken);
            return CommandResults.Failure($"The edge answered {(int)response.StatusCode}: {problem}");
        }

        var detection = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return CommandResults.Success(
            $"{detection.GetProperty("persons_detected")} person found; event {detection.GetProperty("event_id")}.");
    }
}
