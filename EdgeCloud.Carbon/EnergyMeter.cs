namespace EdgeCloud.Carbon;

/// <summary>What the sources said at one moment.</summary>
/// <param name="At">On a clock that never goes back.</param>
/// <param name="Cpu">CPU time that the service has used; it may start again from zero. Null when it
/// cannot be read.</param>
internal readonly record struct EnergySample(TimeSpan At, TimeSpan? Cpu)
{
    /// <summary>What the processor packages have used since the sample before, joules; null without counters.</summary>
    public double? PackageJoules { get; init; }

    /// <summary>CPU time of everything on the machine; may start again from zero.</summary>
    public TimeSpan? MachineCpu { get; init; }
}

/// <summary>
/// Adds up what a service uses, sample by sample: the active share for the work it did, the reserved share for what
/// it holds, working or not.
/// </summary>
/// <param name="power">The processor's.</param>
/// <param name="reserved">What the service holds.</param>
/// <param name="processors">The machine's hardware threads.</param>
/// <param name="powerUsageEffectiveness">What the building takes for each joule that the machine does.</param>
internal sealed class EnergyMeter(
    ProcessorPower power, ReservedResources reserved, int processors, double powerUsageEffectiveness)
{
    /// <summary>
    /// A longer time between two samples is one in which the machine was suspended, and nothing was held.
    /// </summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(1);

    private EnergySample? _last;
    private double _idlePackageWatts = double.PositiveInfinity;

    /// <summary>Joules so far. Neither share ever decreases.</summary>
    public Estimate Active { get; private set; }

    /// <inheritdoc cref="Active"/>
    public Estimate Reserved { get; private set; }

    /// <summary>Of both shares, between the last two samples, W.</summary>
    public Estimate Watts { get; private set; }

    /// <summary>What a processor's time costs beyond its being there: the marginal energy of work, joules.</summary>
    public Estimate MarginalJoules(TimeSpan cpu) => power.ActiveWatts * (cpu.TotalSeconds * powerUsageEffectiveness);

    /// <returns>The time that counted, between this sample and the one before; zero for the first.</returns>
    public TimeSpan Add(EnergySample sample)
    {
        if (_last is not { } last || sample.At <= last.At)
        {
            _last ??= sample;
            return TimeSpan.Zero;
        }

        _last = sample with { Cpu = sample.Cpu ?? last.Cpu, MachineCpu = sample.MachineCpu ?? last.MachineCpu };
        var elapsed = sample.At - last.At;
        var held = elapsed < LongestGap ? elapsed : LongestGap;
        var cpu = Advance(last.Cpu, sample.Cpu, elapsed);
        var (active, idle) = sample.PackageJoules is { } joules
            ? Measured(joules, cpu, Advance(last.MachineCpu, sample.MachineCpu, elapsed), elapsed)
            : (MarginalJoules(cpu), power.IdleWatts * (reserved.Cpus * held.TotalSeconds * powerUsageEffectiveness));
        idle += Estimate.Exactly(ReservedResources.MemoryWattsPerGigabyte
            * reserved.MemoryBytes / 1e9 * held.TotalSeconds * powerUsageEffectiveness);
        Active += active;
        Reserved += idle;
        Watts = (active + idle) * (1 / elapsed.TotalSeconds);
        return held;
    }

    /// <summary>
    /// What the packages take at rest is the least they were ever seen to take; the service holds its part
    /// of that. What they take beyond is divided by CPU time. The high bound divides all of it so, for a
    /// machine that never rests.
    /// </summary>
    private (Estimate Active, Estimate Idle) Measured(
        double packageJoules, TimeSpan cpu, TimeSpan machineCpu, TimeSpan elapsed)
    {
        _idlePackageWatts = Math.Min(_idlePackageWatts, packageJoules / elapsed.TotalSeconds);
        var idle = _idlePackageWatts * elapsed.TotalSeconds;
        var share = cpu < machineCpu ? cpu / machineCpu : cpu > TimeSpan.Zero ? 1 : 0;
        var active = (packageJoules - idle) * share;
        return (
            new Estimate(active, active, packageJoules * share) * powerUsageEffectiveness,
            Estimate.Exactly(idle * Math.Min(1, reserved.Cpus / processors) * powerUsageEffectiveness));
    }

    /// <summary>Never negative, and never more than all processors together can do.</summary>
    private TimeSpan Advance(TimeSpan? from, TimeSpan? to, TimeSpan elapsed) =>
        from is null || to is null || to <= from
            ? TimeSpan.Zero
            : TimeSpan.FromTicks(Math.Min((to.Value - from.Value).Ticks, elapsed.Ticks * processors));
}
