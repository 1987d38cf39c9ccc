namespace EdgeCloud.Carbon;

/// <summary>The answer of GET /carbon: what this service has used and emitted since it started.</summary>
/// <param name="Component">edge or server.</param>
/// <param name="Method">Where the energy is from: rapl (measured), or the CPU time of cgroup_v2, cgroup_v1 or
/// process (modelled).</param>
/// <param name="Since">When counting began.</param>
/// <param name="Processor">The family and its watts for each hardware thread.</param>
/// <param name="Reserved">The reserved resources.</param>
/// <param name="PowerWatts">Now.</param>
/// <param name="EnergyJoules">Since then.</param>
/// <param name="Intensity">As in force.</param>
/// <param name="CarbonGrams">Since then.</param>
/// <param name="Frames">Null in a service that looks at none, and before the first.</param>
public sealed record CarbonReport(
    string Component,
    string Method,
    DateTimeOffset Since,
    ProcessorPower Processor,
    ReservedResources Reserved,
    Estimate PowerWatts,
    EnergyShares EnergyJoules,
    IntensityReport Intensity,
    CarbonScopes CarbonGrams,
    FrameCarbon? Frames)
{
    private const double JoulesPerKwh = 3.6e6;

    internal static CarbonReport Of(CarbonComponent component, CarbonLedger ledger, IntensityFeed feed)
    {
        var totals = ledger.Sample();
        var intensity = feed.Current;
        var joulesPerFrame = totals.FrameJoules / totals.Frames;
        return new CarbonReport(
            component.Name, ledger.Method, totals.Since, ledger.Processor, ledger.Reserved, totals.Watts,
            new EnergyShares(totals.Active, totals.Reserved), new IntensityReport(
                intensity.GramsPerKwh, intensity.Location, intensity.Source, feed.Age?.TotalSeconds, feed.Problem),
            new CarbonScopes(totals.OperationalGrams, totals.EmbodiedGrams),
            totals.Frames == 0 ? null : new FrameCarbon(
                totals.Frames, joulesPerFrame, joulesPerFrame / JoulesPerKwh * intensity.GramsPerKwh,
                (totals.OperationalGrams + totals.EmbodiedGrams) / totals.Frames));
    }
}

/// <param name="Active">For the work done.</param>
/// <param name="Reserved">For reserved resources, used or not.</param>
public sealed record EnergyShares(Estimate Active, Estimate Reserved);

/// <param name="GramsPerKwh">g CO2e/kWh.</param>
/// <param name="Location">Of which grid; world when nothing better is known.</param>
/// <param name="Source">average (of a year), fixed, file or carbon_aware_sdk.</param>
/// <param name="AgeSeconds">How old the figure is; null of one that has no time.</param>
/// <param name="Problem">Why there is no newer figure; null when all is well.</param>
public sealed record IntensityReport(
    double GramsPerKwh, string Location, string Source, double? AgeSeconds, string? Problem);

/// <param name="Operational">Of the electricity, by the carbon intensity of its time.</param>
/// <param name="Embodied">Embodied in the machine, in proportion to time and share.</param>
public sealed record CarbonScopes(double Operational, double Embodied);

/// <param name="Count">How many.</param>
/// <param name="JoulesEach">Marginal, on average: what one frame more would take.</param>
/// <param name="MarginalGramsEach">That by the intensity in force.</param>
/// <param name="GramsEach">The SCI per frame so far: everything operational and embodied, divided
/// by the frames.</param>
public sealed record FrameCarbon(long Count, double JoulesEach, double MarginalGramsEach, double GramsEach);
