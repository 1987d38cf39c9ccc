using System.Net;

namespace EdgeCloud.Carbon;

/// <summary>Where a carbon intensity comes from.</summary>
public interface IIntensityProvider
{
    /// <returns>The newest figure that has been true so far.</returns>
    /// <exception cref="IntensityUnavailableException">There is none.</exception>
    Task<CarbonIntensity> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>The providers that the options can name.</summary>
public static class IntensityProviders
{
    public static IIntensityProvider Create(CarbonOptions options, TimeProvider time) => options.Source switch
    {
        IntensitySource.Fixed =>
            new FixedIntensity(new CarbonIntensity(options.GramsPerKwh!.Value, options.Location, "fixed", null)),
        IntensitySource.File => new EmissionsFile(options.File, options.Location, options.MaxAge, time),
        IntensitySource.CarbonAwareSdk =>
            new CarbonAwareApi(options.Url!, options.Location, options.MaxAge, options.Timeout, time),
        _ => new FixedIntensity(GridAverages.Of(options.Location)),
    };
}

internal sealed class FixedIntensity(CarbonIntensity intensity) : IIntensityProvider
{
    public Task<CarbonIntensity> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(intensity);
}

/// <summary>A file in the Carbon Aware SDK's JSON format, read again whenever it has changed.</summary>
internal sealed class EmissionsFile(string path, string location, TimeSpan maxAge, TimeProvider time)
    : IIntensityProvider
{
    private (DateTime Written, IReadOnlyList<Emission> Emissions)? _read;

    public async Task<CarbonIntensity> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The time of a file that does not exist is one too; opening it then says so.
            var written = File.GetLastWriteTimeUtc(path);
            if (_read?.Written != written)
                _read = (written, Emissions.Parse(await File.ReadAllBytesAsync(path, cancellationToken), path));
            return Emissions.Newest(_read.Value.Emissions, location, time.GetUtcNow(), maxAge, "file", path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IntensityUnavailableException($"{path} cannot be read: {exception.Message}", exception);
        }
    }
}

/// <summary>The Carbon Aware SDK's web API, GET /emissions/bylocation.</summary>
internal sealed class CarbonAwareApi(Uri address, string location, TimeSpan maxAge, TimeSpan timeout, TimeProvider time)
    : IIntensityProvider
{
    /// <summary>A week of five-minute figures has about 250 KB.</summary>
    private const int MaxAnswerBytes = 1024 * 1024;

    private readonly HttpClient _client = new(
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10) })
    {
        Timeout = timeout,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    public async Task<CarbonIntensity> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var request = new Uri($"{address.AbsoluteUri.TrimEnd('/')}/emissions/bylocation?location="
            + $"{Uri.EscapeDataString(location)}&time={Time(now - maxAge)}&toTime={Time(now)}");
        try
        {
            using var answer = await _client.GetAsync(request, cancellationToken);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => Emissions.Newest(
                    Emissions.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken), address.Host),
                    location, now, maxAge, "carbon_aware_sdk", address.Host),
                HttpStatusCode.NoContent => throw new IntensityUnavailableException(
                    $"{address.Host} has no figures of the last {maxAge.TotalHours:0.#} h for {location}."),
                _ => throw new IntensityUnavailableException($"{address.Host} answers {(int)answer.StatusCode}."),
            };
        }
        catch (HttpRequestException exception)
        {
            throw new IntensityUnavailableException(
                $"{address.Host} cannot be reached: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IntensityUnavailableException(
                $"{address.Host} has not answered within {timeout.TotalSeconds:0.#} s.", exception);
        }
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
