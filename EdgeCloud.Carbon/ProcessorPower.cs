using System.ComponentModel;
using System.Globalization;

namespace EdgeCloud.Carbon;

/// <summary>
/// What a server of a processor family takes from the wall for each of its hardware threads,
/// W: Cloud Carbon Footprint's method on its own data, the SPECpower results up to March 2026
/// (github.com/cloud-carbon-footprint/ccf-coefficients, b0032d9). <see cref="Estimate.Low"/> and
/// <see cref="Estimate.High"/> are the 10th and 90th percentile of the same results. docs/carbon.md has the whole
/// reckoning, and where it departs from the table that they publish.
/// </summary>
[Description("What a server of a processor family takes from the wall for each of its hardware threads, watts.")]
public sealed record ProcessorPower(
    [property: Description("The family's name.")]
    string Family,
    [property: Description("A hardware thread that does nothing.")]
    Estimate IdleWatts,
    [property: Description("What a busy one takes above that.")]
    Estimate ActiveWatts)
{
    /// <summary>
    /// Cloud Carbon Footprint's average for processors it does not know; the bounds are the widest
    /// of the families below.
    /// </summary>
    public static readonly ProcessorPower Unknown = new("unknown", new(0.18, 0.74, 1.53), new(0.55, 2.76, 4.24));

    private static readonly ProcessorPower Epyc1 = new(
        "AMD EPYC 1st generation", new(0.66, 0.85, 1.09), new(1.57, 1.76, 2.04));
    private static readonly ProcessorPower Epyc2 = new(
        "AMD EPYC 2nd generation", new(0.32, 0.47, 0.67), new(1.02, 1.22, 1.39));
    private static readonly ProcessorPower Epyc3 = new(
        "AMD EPYC 3rd generation", new(0.33, 0.46, 0.62), new(1.30, 1.50, 1.71));
    private static readonly ProcessorPower Epyc4 = new(
        "AMD EPYC 4th generation", new(0.32, 0.74, 1.43), new(1.25, 1.54, 2.02));

    /// <summary>
    /// Published as 3.68 W idle and 8.96 W busy: blank lines in the list of its models match every server ever tested.
    /// This is from the 42 results of its own.
    /// </summary>
    private static readonly ProcessorPower Epyc5 = new(
        "AMD EPYC 5th generation", new(0.18, 0.26, 0.37), new(0.90, 1.21, 1.62));
    private static readonly ProcessorPower Broadwell = new(
        "Intel Broadwell", new(0.47, 0.71, 1.19), new(2.27, 2.97, 4.24));
    private static readonly ProcessorPower Skylake = new("Intel Skylake", new(0.40, 0.61, 0.79), new(2.74, 3.49, 3.91));
    private static readonly ProcessorPower CascadeLake = new(
        "Intel Cascade Lake", new(0.43, 0.69, 0.90), new(2.79, 3.37, 3.84));
    private static readonly ProcessorPower IceLake = new(
        "Intel Ice Lake", new(0.69, 0.77, 0.85), new(2.63, 2.99, 3.24));
    private static readonly ProcessorPower SapphireRapids = new(
        "Intel Sapphire Rapids", new(0.65, 0.99, 1.53), new(2.12, 3.03, 3.75));
    private static readonly ProcessorPower EmeraldRapids = new(
        "Intel Emerald Rapids", new(0.64, 0.83, 0.92), new(1.96, 2.90, 3.63));
    private static readonly ProcessorPower GraniteRapids = new(
        "Intel Granite Rapids", new(0.37, 0.56, 0.67), new(1.38, 1.93, 2.34));

    private static readonly ProcessorPower NeoverseN1 = new(
        "Arm Neoverse N1", new(0.56, 0.74, 1.04), new(0.55, 0.97, 1.42));

    /// <returns>What the settings say; what they leave open, by the family of the processor.</returns>
    public static ProcessorPower OfThisMachine(CarbonOptions options) =>
        OfMachine(Path.GetPathRoot(Environment.CurrentDirectory)!, options);

    internal static ProcessorPower OfMachine(string root, CarbonOptions options)
    {
        var cpuInfo = Path.Combine(root, "proc/cpuinfo");
        var family = File.Exists(cpuInfo) ? Of(File.ReadAllText(cpuInfo)) : Unknown;
        return family with
        {
            IdleWatts = options.IdleWattsPerCpu is { } idle ? Estimate.Exactly(idle) : family.IdleWatts,
            ActiveWatts = options.ActiveWattsPerCpu is { } active ? Estimate.Exactly(active) : family.ActiveWatts,
        };
    }

    /// <param name="cpuInfo">The text of /proc/cpuinfo. Virtual machines often hide the model's name there, but
    /// not these numbers.</param>
    public static ProcessorPower Of(string cpuInfo)
    {
        var fields = new Dictionary<string, string>();
        foreach (var line in cpuInfo.Split('\n'))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                fields.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim());
        }

        return (fields.GetValueOrDefault("vendor_id"),
            Number("cpu family"), Number("model"), fields.GetValueOrDefault("CPU part")) switch
        {
            ("AuthenticAMD", 0x17, <= 0x0F, _) => Epyc1,
            ("AuthenticAMD", 0x17, >= 0x30 and <= 0x3F, _) => Epyc2,
            ("AuthenticAMD", 0x19, <= 0x0F, _) => Epyc3,
            ("AuthenticAMD", 0x19, (>= 0x10 and <= 0x1F) or (>= 0xA0 and <= 0xAF), _) => Epyc4,
            ("AuthenticAMD", 0x1A, <= 0x1F, _) => Epyc5,
            ("GenuineIntel", 6, 0x4F or 0x56, _) => Broadwell,
            ("GenuineIntel", 6, 0x55, _) => Number("stepping") >= 5 ? CascadeLake : Skylake,
            ("GenuineIntel", 6, 0x6A or 0x6C, _) => IceLake,
            ("GenuineIntel", 6, 0x8F, _) => SapphireRapids,
            ("GenuineIntel", 6, 0xCF, _) => EmeraldRapids,
            ("GenuineIntel", 6, 0xAD or 0xAE, _) => GraniteRapids,
            (_, _, _, "0xd0c") => NeoverseN1,
            _ => Unknown,
        };

        int Number(string field) =>
            int.TryParse(fields.GetValueOrDefault(field), CultureInfo.InvariantCulture, out var number) ? number : -1;
    }
}
