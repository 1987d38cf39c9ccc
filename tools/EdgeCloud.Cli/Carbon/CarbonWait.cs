using EdgeCloud.Carbon;

namespace EdgeCloud.Cli.Carbon;

internal enum WaitOutcome
{
    /// <summary>The electricity is clean enough.</summary>
    Go = 0,

    /// <summary>It has not become so in time.</summary>
    GaveUp = 2,

    /// <summary>Nobody could say how clean it is.</summary>
    NoData = 3,
}

/// <summary>Waits until the carbon intensity falls below a limit, or the time is over.</summary>
/// <param name="provider">Who is asked.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Gets a line for everything seen.</param>
internal sealed class CarbonWait(IIntensityProvider provider, TimeProvider time, Action<string> say)
{
    public async Task<WaitOutcome> RunAsync(
        double belowGramsPerKwh, TimeSpan within, TimeSpan every, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var seen = false;
        while (true)
        {
            try
            {
                var intensity = await provider.ReadAsync(cancellationToken);
                if (!intensity.IsCurrent)
                {
                    say("A yearly average says nothing about now. Name a source: "
                        + "Carbon__Source=File or CarbonAwareSdk, see docs/carbon.md.");
                    return WaitOutcome.NoData;
                }

                seen = true;
                var (now, location, source) = (time.GetUtcNow(), intensity.Location, intensity.Source);
                say(FormattableString.Invariant($"{now:u}  {location} {intensity.GramsPerKwh:0.#} g/kWh ({source})"));
                if (intensity.GramsPerKwh < belowGramsPerKwh)
                    return WaitOutcome.Go;
            }
            catch (IntensityUnavailableException exception)
            {
                say($"{time.GetUtcNow():u}  {exception.Message}");
            }

            var left = within - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return seen ? WaitOutcome.GaveUp : WaitOutcome.NoData;
            await Task.Delay(left < every ? left : every, time, cancellationToken);
        }
    }
}
