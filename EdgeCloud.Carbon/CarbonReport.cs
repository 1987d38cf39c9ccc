using System.ComponentModel;

namespace EdgeCloud.Carbon;

[Description("What this service has used and emitted since it started.")]
public sealed record CarbonReport(
    [property: Description("edge or server.")]
    string Component,
    [property: Description("Where the energy is from: rapl (measured), or the CPU time of cgroup_v2, cgroup_v1 or "
        + "process (modelled).")]
    string Method,
    [property: Description("When counting began.")]
    DateTimeOffset Since,
    [property: Description("The family and its watts for each hardware thread.")]
    ProcessorPower Processor,
    [property: Description("The reserved resources.")]
    ReservedResources Reserved,
    [property: Description("The power now, watts.")]
    Estimate PowerWatts,
    [property: Description("The energy since then, joules.")]
    EnergyShares EnergyJoules,
    [property: Description("The carbon intensity in force.")]
    IntensityReport Intensity,
    [property: Description("The emissions since then, g CO2e.")]
    CarbonScopes CarbonGrams,
    [property: Description("What a frame takes; null in a service that looks at none, and before the first.")]
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

[Description("Energy in two shares, each an estimate in joules.")]
public sealed record EnergyShares(
    [property: Description("For the work done.")]
    Estimate Active,
    [property: Description("For reserved resources, used or not.")]
    Estimate Reserved);

[Description("A carbon intensity and where it is from.")]
public sealed record IntensityReport(
    [property: Description("g CO2e/kWh.")]
    double GramsPerKwh,
    [property: Description("Of which grid; world when nothing better is known.")]
    string Location,
    [property: Description("average (of a year), fixed, file or carbon_aware_sdk.")]
    string Source,
    [property: Description("How old the figure is; null of one that has no time.")]
    double? AgeSeconds,
    [property: Description("Why there is no newer figure; null when all is well.")]
    string? Problem);

[Description("Emissions by scope, g CO2e.")]
public sealed record CarbonScopes(
    [property: Description("Of the electricity, by the carbon intensity of its time.")]
    double Operational,
    [property: Description("Embodied in the machine, in proportion to time and share.")]
    double Embodied);

[Description("What frames take, on average.")]
public sealed record FrameCarbon(
    [property: Description("How many frames.")]
    long Count,
    [property: Description("Marginal: what one frame more would take, joules.")]
    double JoulesEach,
    [property: Description("That by the intensity in force, g CO2e.")]
    double MarginalGramsEach,
    [property: Description("The SCI per frame so far: everything operational and embodied, divided by the frames.")]
    double GramsEach);
