using Microsoft.Extensions.Options;

namespace EdgeCloud.Carbon;

/// <summary>
/// What this service has used and emitted since it started: energy from <see cref="EnergyMeter"/>, grams by the
/// carbon intensity that was in force when it was used (ISO/IEC 21031: SCI = (E × I + M) per R; here are E × I, M
/// and R, each for itself).
/// </summary>
public sealed class CarbonLedger
{
    private const double JoulesPerKwh = 3.6e6;

    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(1);

    private readonly CarbonOptions _options;
    private readonly IntensityFeed _intensity;
    private readonly TimeProvider _time;
    private readonly CpuTimeSource _cpu;
    private readonly RaplCounters? _rapl;
    private readonly EnergyMeter _meter;
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _since;
    private TimeSpan? _sampledAt;
    private double _operationalGrams;
    private double _embodiedGrams;
    private long _frames;
    private double _frameJoules;

    public CarbonLedger(IOptions<CarbonOptions> options, IntensityFeed intensity, TimeProvider time)
        : this(options.Value, intensity, time, Root)
    {
    }

    internal CarbonLedger(CarbonOptions options, IntensityFeed intensity, TimeProvider time, string root)
    {
        (_options, _intensity, _time, _since) = (options, intensity, time, time.GetUtcNow());
        _cpu = CpuTimeSource.Choose(root, Environment.ProcessId);
        _rapl = RaplCounters.Open(root, Now);
        Processor = ProcessorPower.OfMachine(root, options);
        Reserved = ReservedResources.Find(options, _cpu.ControlGroup);
        Machine = new MachineCpuTime(root);
        _meter = new EnergyMeter(Processor, Reserved, Environment.ProcessorCount, options.PowerUsageEffectiveness);
        Sample();
    }

    /// <summary>
    /// How energy is come by: rapl, or modelled from the CPU time of the cgroup_v2, the cgroup_v1 or the process.
    /// </summary>
    public string Method => _rapl is null ? _cpu.Method : "rapl";

    public ProcessorPower Processor { get; }

    public ReservedResources Reserved { get; }

    private static string Root => Path.GetPathRoot(Environment.CurrentDirectory)!;

    private MachineCpuTime Machine { get; }

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <returns>What a CPU time costs beyond an idle machine, joules.</returns>
    public double MarginalJoules(TimeSpan cpu) => _meter.MarginalJoules(cpu).Mean;

    /// <summary>Books one frame, the R of the SCI.</summary>
    /// <param name="cpu">The CPU time that it took.</param>
    /// <returns>Its marginal energy, joules, in the two digits that a model deserves.</returns>
    public double FrameDone(TimeSpan cpu)
    {
        var joules = TwoDigits(MarginalJoules(cpu));
        lock (_lock)
        {
            _frames++;
            _frameJoules += joules;
        }

        return joules;
    }

    /// <summary>The state now. It is brought up to date at most once a second.</summary>
    internal CarbonTotals Sample()
    {
        lock (_lock)
        {
            var now = Now;
            if (_sampledAt is not { } last || now - last >= Resolution)
            {
                _sampledAt = now;
                var before = _meter.Active.Mean + _meter.Reserved.Mean;
                var held = _meter.Add(new EnergySample(now, _cpu.Read())
                {
                    PackageJoules = _rapl?.Advance(now),
                    MachineCpu = _rapl is null ? null : Machine.Read(),
                });
                _operationalGrams += (_meter.Active.Mean + _meter.Reserved.Mean - before)
                    / JoulesPerKwh * _intensity.Current.GramsPerKwh;
                _embodiedGrams += _options.EmbodiedGramsPerCpuHour * Reserved.Cpus * held.TotalHours;
            }

            return new CarbonTotals(
                _since, _meter.Watts, _meter.Active, _meter.Reserved, _operationalGrams,
                _embodiedGrams, _frames, _frameJoules);
        }
    }

    private static double TwoDigits(double value)
    {
        if (value <= 0)
            return 0;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);

        // A second rounding, since multiples of a power of ten below 1 have no exact form.
        return Math.Round(Math.Round(value / unit) * unit, 12);
    }
}

/// <param name="Since">When counting began.</param>
/// <param name="Watts">Over the last second or more.</param>
/// <param name="Active">Joules of the work done.</param>
/// <param name="Reserved">Joules of reserved resources.</param>
/// <param name="OperationalGrams">g CO2e of both.</param>
/// <param name="EmbodiedGrams">g CO2e embodied in the machine, by the time and share that it was reserved.</param>
/// <param name="Frames">How many there were.</param>
/// <param name="FrameJoules">Their marginal energy together; a part of <see cref="Active"/>.</param>
internal sealed record CarbonTotals(
    DateTimeOffset Since, Estimate Watts, Estimate Active, Estimate Reserved, double OperationalGrams,
    double EmbodiedGrams, long Frames, double FrameJoules);
