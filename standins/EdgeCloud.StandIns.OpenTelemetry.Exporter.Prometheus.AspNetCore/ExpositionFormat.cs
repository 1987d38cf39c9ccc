using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace OpenTelemetry.Exporter;

/// <summary>One of the text formats that a scrape may ask for.</summary>
internal sealed record ExpositionFormat(string MediaType, string Version)
{
    private static readonly ExpositionFormat[] Known =
    [
        new("text/plain", "0.0.4"),
        new("text/plain", "1.0.0"),
        new("application/openmetrics-text", "1.0.0"),
        new("application/openmetrics-text", "0.0.1"),
    ];

    public static ExpositionFormat Default => Known[0];

    public bool IsOpenMetrics => MediaType == "application/openmetrics-text";

    // Names are translated to underscores before any other scheme could be applied to them, so that is the scheme whatever was asked for.
    public string ContentType => $"{MediaType}; version={Version}; charset=utf-8{(Version == "1.0.0" ? "; escaping=underscores" : "")}";

    /// <summary>The known format of the highest quality, the first of equals; Prometheus' own when none is known.</summary>
    public static ExpositionFormat Negotiate(IList<MediaTypeHeaderValue>? accept)
    {
        var (preferred, preferredQuality) = (Default, 0.0);
        foreach (var mediaType in accept ?? [])
        {
            if (Quality(mediaType) is { } quality && quality > preferredQuality && Find(mediaType) is { } format)
                (preferred, preferredQuality) = (format, quality);
        }
        return preferred;
    }

    private static ExpositionFormat? Find(MediaTypeHeaderValue mediaType)
    {
        if (Parameter(mediaType, "escaping") is not (null or "allow-utf-8" or "dots" or "underscores" or "values"))
            return null;
        var version = Parameter(mediaType, "version");
        return Known.FirstOrDefault(format =>
            format.MediaType.Equals(mediaType.MediaType.Value, StringComparison.OrdinalIgnoreCase) && (version is null || format.Version == version));
    }

    private static double? Quality(MediaTypeHeaderValue mediaType) => Parameter(mediaType, "q") switch
    {
        null => 1,
        var text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
            && quality is > 0 and <= 1 => quality,
        _ => null,
    };

    private static string? Parameter(MediaTypeHeaderValue mediaType, string name) => mediaType.Parameters
        .LastOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Value?.Trim('"');
}
