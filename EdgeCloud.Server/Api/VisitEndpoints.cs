using System.ComponentModel;
using System.Globalization;
using System.Text;
using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace EdgeCloud.Server.Api;

/// <summary>GET /visits: who was there, as JSON or CSV.</summary>
internal static class VisitEndpoints
{
    private const int DefaultLimit = 500;
    private const int MaxLimit = 5000;

    public static void MapVisits(this WebApplication app) =>
        app.MapGet("/visits", GetVisitsAsync)
            .WithName("getVisits").WithTags(ServerApi.StatisticsTag)
            .WithSummary("Who was there, and for how long")
            .WithDescription("A visit is a presence that overlaps the time. What has not ended is known as of the last "
                + "minute. CSV, a row for each item, with format=csv, or Accept: text/csv.")
            .Produces<VisitsAnswer>()
            .WithAnswers(
                (StatusCodes.Status200OK, "The visits"),
                (StatusCodes.Status400BadRequest, "Something that cannot be answered; the detail says what to ask"),
                (StatusCodes.Status503ServiceUnavailable, "The history is away"))
            .WithCsv()
            .AddOpenApiOperationTransformer(static (operation, _, _) =>
            {
                var limit = operation.Parameters!.OfType<OpenApiParameter>().Single(each => each.Name == "limit");
                limit.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Format = "int32",
                    Minimum = "1",
                    Maximum = MaxLimit.ToString(CultureInfo.InvariantCulture),
                };
                return Task.CompletedTask;
            });

    private static async Task<IResult> GetVisitsAsync(
        Visits visits, TimeProvider time, HttpContext context, [AsParameters] VisitsRequest request)
    {
        if (!CsvAnswer.IsFormat(request.Format))
            return CsvAnswer.Rejected("format must be json or csv.");
        var limit = DefaultLimit;
        if (request.Limit is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > MaxLimit))
            return CsvAnswer.Rejected($"limit must be a whole number between 1 and {MaxLimit}.");
        var asked = new HistoryParameters(request.DeviceId ?? [], request.From, request.To);
        if (!HistoryQuery.TryParse(asked, time.GetUtcNow(), visits.MinutesFor, out var query, out var problem))
            return CsvAnswer.Rejected(problem);

        var answer = visits.Read(query, limit);
        context.Response.Headers.Vary = "Accept";
        if (!CsvAnswer.IsAsked(context.Request, request.Format))
            return TypedResults.Ok(answer);
        CsvAnswer.Begin(context.Response, "visits", answer.From, answer.To, suffix: "");
        await context.Response.WriteAsync(Csv(answer.Items));
        return Results.Empty;
    }

    /// <summary>Nothing needs quotes: device ids have no commas.</summary>
    private static string Csv(IReadOnlyList<VisitItem> items)
    {
        var text = new StringBuilder("presence_id,device_id,track_id,started_at,last_seen_at,ended,reason,")
            .Append("dwell_seconds,highest_score\r\n");
        foreach (var item in items)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{item.PresenceId},{item.DeviceId},{item.TrackId},{item.StartedAt.ToWireText()},"
                + $"{item.LastSeenAt.ToWireText()},{(item.Ended ? "true" : "false")},"
                + $"{item.Reason},{item.DwellSeconds},{item.HighestScore}\r\n");
        }

        return text.ToString();
    }
}

/// <summary>The query of GET /visits.</summary>
internal sealed class VisitsRequest
{
    [FromQuery(Name = "device_id"), Description("The device, or several with commas; all of them when it is left out.")]
    public string[]? DeviceId { get; init; }

    [FromQuery(Name = "from")]
    [Description("RFC 3339, or before now (-90m, -24h, -7d); a day back when it is left out.")]
    public string? From { get; init; }

    [FromQuery(Name = "to"), Description("Likewise; now when it is left out.")]
    public string? To { get; init; }

    /// <summary>As text, so that what is no number is refused by its name.</summary>
    [FromQuery(Name = "limit"), Description("How many items at most; 500 when it is left out.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "format"), Description(CsvAnswer.FormatMeaning)]
    public string? Format { get; init; }
}
