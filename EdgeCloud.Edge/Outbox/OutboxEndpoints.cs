using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// What an operator asks of the outbox, whose file has one owner: the edge. No page of another origin may ask, although
/// it may send frames; a JSON body makes its browser find that out first.
/// </summary>
internal static class OutboxEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const int MaxIds = 1000;
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly RequestTimeoutPolicy Timeout = new()
    {
        Timeout = TimeSpan.FromSeconds(30),
        TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
    };

    public static void MapOutbox(this WebApplication app)
    {
        app.MapGet("/outbox", ListAsync)
            .WithName("GetOutbox").WithTags("Outbox")
            .WithSummary("How full the outbox is, and the events in it that Kafka rejects, the oldest first")
            .Produces<OutboxContent>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithMetadata(new DisableCorsAttribute()).WithRequestTimeout(Timeout);
        app.MapPost("/outbox/retry", RetryAsync)
            .WithName("RetryOutbox").WithTags("Outbox")
            .WithSummary("Sends events again that Kafka rejected: all, or those that are named")
            .Produces<RetryResult>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithMetadata(new DisableCorsAttribute(), new RequestSizeLimitAttribute(MaxBodyBytes))
            .WithRequestTimeout(Timeout);
    }

    private static async Task<IResult> ListAsync(
        EventOutbox outbox, OutboxStore store, CancellationToken cancellationToken, int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
            return Problem(
                StatusCodes.Status400BadRequest, "Invalid limit",
                $"limit is {limit}; it must lie between 1 and {MaxLimit}.");
        var (events, problem) = await outbox.ListSetAsideAsync(limit).WaitAsync(cancellationToken);
        return problem is not null
            ? Unavailable(problem)
            : TypedResults.Ok(new OutboxContent(
                store.Events, store.SetAside.Events, store.Bytes, store.MaxBytes, events));
    }

    private static async Task<IResult> RetryAsync(
        RetryRequest request, EventOutbox outbox, OutboxStore store, CancellationToken cancellationToken)
    {
        if (request.All == (request.EventIds is not null) || request.EventIds is { Length: 0 or > MaxIds })
            return Problem(
                StatusCodes.Status400BadRequest, "Say which events",
                $"Either 'all' is true, or 'event_ids' has 1 to {MaxIds} ids.");
        var (returned, problem) = await outbox.RetryAsync(request.EventIds?.ToHashSet(), cancellationToken)
            .WaitAsync(cancellationToken);
        if (problem is not null)
            return Unavailable(problem);
        return returned.Count == 0 && request.EventIds is not null
            ? Problem(StatusCodes.Status404NotFound, "Not set aside", "No event of these ids is set aside.")
            : TypedResults.Ok(new RetryResult(returned.Count, store.SetAside.Events));
    }

    private static IResult Unavailable(string problem) =>
        Problem(StatusCodes.Status503ServiceUnavailable, "Outbox unavailable", problem);

    private static IResult Problem(int status, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title);
}

/// <summary>What the outbox holds.</summary>
/// <param name="WaitingEvents">Those that go to Kafka by themselves.</param>
/// <param name="SetAsideEvents">Those that Kafka rejects, which go when they are retried.</param>
/// <param name="SizeBytes">Of both.</param>
/// <param name="MaxBytes">The bound of that, <c>Edge:Events:OutboxMaxBytes</c>.</param>
/// <param name="Events">Those that are set aside, the oldest first, as many as were asked for.</param>
internal sealed record OutboxContent(
    long WaitingEvents, long SetAsideEvents, long SizeBytes, long MaxBytes, IReadOnlyList<SetAsideEvent> Events);

/// <param name="All">Every event that is set aside.</param>
/// <param name="EventIds">Or only these.</param>
internal sealed record RetryRequest(bool All = false, Guid[]? EventIds = null);

/// <param name="Retried">How many events wait for Kafka again.</param>
/// <param name="SetAsideEvents">How many are still set aside.</param>
internal sealed record RetryResult(long Retried, long SetAsideEvents);
