using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// What an operator asks of the outbox, whose file has one owner: the edge. No page of another origin may ask, although
/// it may send frames; a JSON body makes its browser find that out first.
/// </summary>
internal static class OutboxEndpoints
{
    public const string Tag = "Outbox";

    private const string RetryPath = "/outbox/retry";
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly (int Status, string When) Unreadable =
        (StatusCodes.Status503ServiceUnavailable, "The outbox's file cannot be read or written");

    private static readonly RequestTimeoutPolicy Timeout = new()
    {
        Timeout = TimeSpan.FromSeconds(30),
        TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
    };

    public static void MapOutbox(this WebApplication app)
    {
        app.MapGet("/outbox", ListAsync)
            .WithName("getOutbox").WithTags(Tag)
            .WithSummary("How full the outbox is, and the events in it that Kafka rejects")
            .Produces<OutboxContent>()
            .WithAnswers((StatusCodes.Status200OK, "What it holds"),
                (StatusCodes.Status400BadRequest, "An invalid limit"), Unreadable)
            .WithMetadata(new DisableCorsAttribute()).WithRequestTimeout(Timeout);
        app.Use(RejectOtherCharsetsAsync);
        app.MapPost(RetryPath, RetryAsync)
            .WithName("retryOutbox").WithTags(Tag)
            .WithSummary("Sends events again that Kafka rejected: all, or those that are named")
            .WithDescription("What Kafka still rejects is set aside again.")
            .Produces<RetryResult>()
            .WithAnswers((StatusCodes.Status200OK, "They are on their way"),
                (StatusCodes.Status400BadRequest, "Not JSON, or neither all nor ids, or both, or too many ids"),
                (StatusCodes.Status404NotFound, "None of these ids is set aside"),
                (StatusCodes.Status413PayloadTooLarge, "More than 64 KiB"),
                (StatusCodes.Status415UnsupportedMediaType, "Not application/json"), Unreadable)
            .WithMetadata(new DisableCorsAttribute(), new RequestSizeLimitAttribute(MaxBodyBytes))
            .WithRequestTimeout(Timeout);
    }

    /// <summary>JSON is UTF-8 (RFC 8259); the framework fails over another charset, and over one in quotes.</summary>
    private static Task RejectOtherCharsetsAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path != RetryPath
            || !MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.Charset.HasValue)
        {
            return next(context);
        }

        if (!HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return Problem(
                StatusCodes.Status415UnsupportedMediaType, "Unsupported charset",
                $"charset is {type.Charset}; JSON is UTF-8.").ExecuteAsync(context);
        }

        context.Request.ContentType = type.MediaType.Value;
        return next(context);
    }

    private static async Task<IResult> ListAsync(
        EventOutbox outbox, OutboxStore store, CancellationToken cancellationToken,
        [Description("How many events at most."), Range(1, MaxLimit)]
        int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
            return Problem(
                StatusCodes.Status400BadRequest, "Invalid limit",
                $"limit is {limit}; it must lie between 1 and {MaxLimit}.");
        var (events, problem) = await outbox.ListSetAsideAsync(limit).WaitAsync(cancellationToken);
        return problem is not null
            ? Unavailable(problem)
            : TypedResults.Ok(new OutboxContent
            {
                WaitingEvents = store.Events,
                SetAsideEvents = store.SetAside.Events,
                SizeBytes = store.Bytes,
                MaxBytes = store.MaxBytes,
                Events = events,
            });
    }

    private static async Task<IResult> RetryAsync(
        RetryRequest request, EventOutbox outbox, OutboxStore store, CancellationToken cancellationToken)
    {
        if (request.All == (request.EventIds is not null) || request.EventIds is { Length: 0 or > RetryRequest.MaxIds })
            return Problem(
                StatusCodes.Status400BadRequest, "Say which events",
                $"Either 'all' is true, or 'event_ids' has 1 to {RetryRequest.MaxIds} ids.");
        var (returned, problem) = await outbox.RetryAsync(request.EventIds?.ToHashSet(), cancellationToken)
            .WaitAsync(cancellationToken);
        if (problem is not null)
            return Unavailable(problem);
        return returned.Count == 0 && request.EventIds is not null
            ? Problem(StatusCodes.Status404NotFound, "Not set aside", "No event of these ids is set aside.")
            : TypedResults.Ok(
                new RetryResult { Retried = returned.Count, SetAsideEvents = store.SetAside.Events });
    }

    private static IResult Unavailable(string problem) =>
        Problem(StatusCodes.Status503ServiceUnavailable, "Outbox unavailable", problem);

    private static IResult Problem(int status, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title);
}

/// <summary>What GET /outbox answers.</summary>
[Description("What the outbox holds.")]
internal sealed record OutboxContent
{
    [Description("Events that go to Kafka by themselves."), Range(0, long.MaxValue)]
    public required long WaitingEvents { get; init; }

    [Description("Events that Kafka rejects, which go when they are retried."), Range(0, long.MaxValue)]
    public required long SetAsideEvents { get; init; }

    [Description("Size of both in bytes."), Range(0, long.MaxValue)]
    public required long SizeBytes { get; init; }

    [Description("The most that may be, Edge:Events:OutboxMaxBytes."), Range(0, long.MaxValue)]
    public required long MaxBytes { get; init; }

    [Description("Those that are set aside, the oldest first, as many as were asked for.")]
    public required IReadOnlyList<SetAsideEvent> Events { get; init; }
}

[Description("Which events to send again: either all, or ids.")]
internal sealed record RetryRequest
{
    [Description("Every event that is set aside.")]
    public bool All { get; init; }

    [Description("The ids of some."), MinLength(1), MaxLength(MaxIds)]
    public Guid[]? EventIds { get; init; }

    /// <summary>64 KiB hold as many.</summary>
    public const int MaxIds = 1000;
}

[Description("What became of them.")]
internal sealed record RetryResult
{
    [Description("Events that wait for Kafka again."), Range(0, long.MaxValue)]
    public required long Retried { get; init; }

    [Description("Events that are still set aside."), Range(0, long.MaxValue)]
    public required long SetAsideEvents { get; init; }
}
