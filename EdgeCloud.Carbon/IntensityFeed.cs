using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Carbon;

/// <summary>
/// The carbon intensity in force: the provider's newest figure, asked for every
/// <see cref="CarbonOptions.RefreshInterval"/> and kept until it is stale; when there is none, the yearly average of
/// the place, or of the world.
/// </summary>
public sealed partial class IntensityFeed : BackgroundService
{
    private readonly IIntensityProvider _provider;
    private readonly CarbonOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<IntensityFeed> _logger;
    private volatile CarbonIntensity _newest;
    private volatile string? _problem;
    private Task _first = Task.CompletedTask;

    public IntensityFeed(
        IIntensityProvider provider, IOptions<CarbonOptions> options, TimeProvider time, ILogger<IntensityFeed> logger)
    {
        (_provider, _options, _time, _logger) = (provider, options.Value, time, logger);
        _newest = Default = GridAverages.Of(_options.Location);
    }

    /// <summary>What is in force without a provider's figure.</summary>
    public CarbonIntensity Default { get; }

    public CarbonIntensity Current => _newest is { MeasuredAt: { } measured }
        && _time.GetUtcNow() - measured > _options.MaxAge && _problem is not null ? Default : _newest;

    /// <summary>Why the provider has given nothing the last time; null when it has.</summary>
    public string? Problem => _problem;

    /// <summary>How old the figure in force is; null of one that has no time.</summary>
    public TimeSpan? Age => Current.MeasuredAt is { } measured && _time.GetUtcNow() - measured is var age
        ? age > TimeSpan.Zero ? age : TimeSpan.Zero : null;

    internal event Action? Failed;

    /// <summary>A figure that is at hand is in force from the start on.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _first = RefreshAsync(CancellationToken.None);
        return base.StartAsync(cancellationToken);
    }

    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            _newest = await _provider.ReadAsync(cancellationToken);
            if (Interlocked.Exchange(ref _problem, null) is not null)
                Log.Recovered(_logger, _newest.GramsPerKwh, _newest.Location, _newest.Source);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it is: a service that cannot count grams still has its work to do.
            if (Interlocked.Exchange(ref _problem, exception.Message) != exception.Message)
                Log.Unavailable(_logger, exception.Message, Current.GramsPerKwh, Current.Location, Current.Source);
            Failed?.Invoke();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(_options.RefreshInterval, _time);
        await _first;
        while (await pace.WaitForNextTickAsync(stoppingToken))
            await RefreshAsync(stoppingToken);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Warning,
            "No carbon intensity: {Problem} In force: {GramsPerKwh} g/kWh of {Location}, {Source}.")]
        public static partial void Unavailable(
            ILogger logger, string problem, double gramsPerKwh, string location, string source);

        [LoggerMessage(2, LogLevel.Information, "Carbon intensity again: {GramsPerKwh} g/kWh of {Location}, {Source}.")]
        public static partial void Recovered(ILogger logger, double gramsPerKwh, string location, string source);
    }
}
