using System.Globalization;
using System.Net.Mime;
using Microsoft.OpenApi;

namespace EdgeCloud.Server.Api;

/// <summary>Answers that are CSV where that is asked for, as RFC 4180 has it, and JSON otherwise.</summary>
internal static class CsvAnswer
{
    public const string FormatMeaning = "json or csv; as Accept says when it is left out.";

    /// <summary>Describes the CSV beside the JSON.</summary>
    public static RouteHandlerBuilder WithCsv(this RouteHandlerBuilder route) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses!["200"].Content!.Add(
                MediaTypeNames.Text.Csv,
                new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
            return Task.CompletedTask;
        });

    /// <returns>False for a format that there is not.</returns>
    public static bool IsFormat(string? format) => format is null or "json" or "csv";

    /// <param name="request">Its header counts when no format is given.</param>
    /// <param name="format">As it was given.</param>
    public static bool IsAsked(HttpRequest request, string? format) => format is "csv"
        || (format is null && request.GetTypedHeaders().Accept.Any(static accepted =>
            accepted.MediaType.Equals(MediaTypeNames.Text.Csv, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The headers of a file that is named after what was asked for.</summary>
    public static void Begin(HttpResponse response, string name, DateTimeOffset from, DateTimeOffset to, string suffix)
    {
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition = string.Create(
            CultureInfo.InvariantCulture,
            $"attachment; filename=\"edgecloud-{name}-{from.UtcDateTime:yyyyMMdd'T'HHmm'Z'}-"
            + $"{to.UtcDateTime:yyyyMMdd'T'HHmm'Z'}{suffix}.csv\"");
    }

    public static IResult Rejected(string detail) => TypedResults.Problem(
        detail, statusCode: StatusCodes.Status400BadRequest, title: "Invalid query");
}
