using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeCloud.Server.Store;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace EdgeCloud.Server.Api;

/// <summary>GET /history: JSON or CSV, written as it is read.</summary>
internal static class HistoryEndpoints
{
    /// <summary>How much is gathered before it is sent.</summary>
    private const int ChunkBytes = 32 * 1024;

    public static void MapHistory(this WebApplication app) =>
        app.MapGet("/history", GetHistoryAsync)
            .WithName("getHistory").WithTags(ServerApi.StatisticsTag)
            .WithSummary("What was counted, by the minute, five minutes, hour or day")
            .WithDescription("Whole buckets: from goes back to the beginning of its bucket, and to on to the end of "
                + "its. A bucket without a frame is left out. At most 10,000 buckets are answered. CSV with "
                + "format=csv, or Accept: text/csv.")
            .Produces<HistoryAnswer>()
            .WithAnswers(
                (StatusCodes.Status200OK, "The buckets"),
                (StatusCodes.Status400BadRequest, "Something that cannot be answered; the detail says what to ask"),
                (StatusCodes.Status503ServiceUnavailable, "The history is away"))
            .WithCsv();

    private static async Task<IResult> GetHistoryAsync(
        History history,
        TimeProvider time,
        IOptions<JsonOptions> json,
        HttpContext context,
        [AsParameters] HistoryRequest request)
    {
        if (!CsvAnswer.IsFormat(request.Format))
            return CsvAnswer.Rejected("format must be json or csv.");
        if (!HistoryQuery.TryParse(
            request.ToParameters(), time.GetUtcNow(), history.MinutesFor, out var query, out var problem))
            return CsvAnswer.Rejected(problem);

        var isCsv = CsvAnswer.IsAsked(context.Request, request.Format);
        using var rows = history.Read(query).GetEnumerator();
        var any = rows.MoveNext();
        var response = context.Response;
        response.Headers.Vary = "Accept";
        if (isCsv)
        {
            CsvAnswer.Begin(response, "history", query.From, query.To, $"-{query.BucketName}");
            await WriteCsvAsync(response, query, any ? Rest(rows) : []);
        }
        else
        {
            response.ContentType = "application/json; charset=utf-8";
            await WriteJsonAsync(response, query, any ? Rest(rows) : [], json.Value.SerializerOptions);
        }

        return Results.Empty;
    }

    private static IEnumerable<HistoryItem> Rest(IEnumerator<HistoryBucket> rows)
    {
        do
            yield return rows.Current.ToItem();
        while (rows.MoveNext());
    }

    private static async Task WriteJsonAsync(
        HttpResponse response, HistoryQuery query, IEnumerable<HistoryItem> items, JsonSerializerOptions options)
    {
        await using var writer = new Utf8JsonWriter(response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("from", query.From);
        writer.WriteString("to", query.To);
        writer.WriteString("bucket", query.BucketName);
        writer.WriteStartArray("buckets");
        foreach (var item in items)
        {
            JsonSerializer.Serialize(writer, item, options);
            if (writer.BytesPending > ChunkBytes)
                await writer.FlushAsync();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>As RFC 4180 has it. Nothing needs quotes: device ids have no commas.</summary>
    private static async Task WriteCsvAsync(HttpResponse response, HistoryQuery query, IEnumerable<HistoryItem> items)
    {
        var text = new StringBuilder(query.ByDevice ? "start,device_id," : "start,")
            .Append("frames,unchanged,persons_average,persons_max,faces,poses,joules,grams,freshness_ms_average,")
            .Append("freshness_ms_max,visits,dwell_seconds_median,crossings_forward,crossings_backward\r\n");
        foreach (var item in items)
        {
            text.Append(CultureInfo.InvariantCulture, $"{item.Start:yyyy-MM-dd'T'HH:mm:ssK},");
            if (query.ByDevice)
                text.Append(item.DeviceId).Append(',');
            text.Append(
                CultureInfo.InvariantCulture,
                $"{item.Frames},{item.Unchanged},{item.PersonsAverage},{item.PersonsMax},{item.Faces},{item.Poses},"
                + $"{item.Joules},{item.Grams:0.#########},{item.FreshnessMsAverage},{item.FreshnessMsMax},"
                + $"{item.Visits},{item.DwellSecondsMedian},{item.Crossings.Sum(static line => line.Forward)},"
                + $"{item.Crossings.Sum(static line => line.Backward)}\r\n");
            if (text.Length <= ChunkBytes)
                continue;
            await response.WriteAsync(text.ToString());
            text.Clear();
        }

        await response.WriteAsync(text.ToString());
    }
}

/// <summary>The query of GET /history.</summary>
internal sealed class HistoryRequest
{
    [FromQuery(Name = "device_id"), Description("The device, or several with commas; all of them when it is left out.")]
    public string[]? DeviceId { get; init; }

    [FromQuery(Name = "from")]
    [Description("RFC 3339, or before now (-90m, -24h, -7d); a day back when it is left out.")]
    public string? From { get; init; }

    [FromQuery(Name = "to"), Description("Likewise; now when it is left out.")]
    public string? To { get; init; }

    [FromQuery(Name = "bucket"), Description("1m, 5m, 1h or 1d; the shortest that suits a chart when it is left out.")]
    public string? Bucket { get; init; }

    [FromQuery(Name = "by"), Description("device: each has buckets of its own. Together when it is left out.")]
    public string? By { get; init; }

    [FromQuery(Name = "time_zone"), Description("Whose days they are, such as Europe/Berlin; by the offset of from "
        + "when it is left out, or else UTC.")]
    public string? TimeZone { get; init; }

    [FromQuery(Name = "format"), Description(CsvAnswer.FormatMeaning)]
    public string? Format { get; init; }

    public HistoryParameters ToParameters() => new(DeviceId ?? [], From, To, Bucket, By, TimeZone);
}
