namespace EdgeCloud.Edge.Tracking;

/// <summary>
/// How large a face is and how fast it grows: a Kalman filter of the size's logarithm over two things that may have
/// happened since the last sighting, it went on as before or the person began to come nearer or to go away, weighed and
/// merged as in <see cref="PositionFilter"/>.
/// </summary>
internal struct SizeFilter
{
    /// <summary>How fast a face grows: standard deviation of a person who comes or goes, parts a second.</summary>
    private const double Growth = 0.2;

    /// <summary>The same of a person seen for the first time, most of whom do neither.</summary>
    private const double FirstGrowth = 0.04;

    /// <summary>How long it grows so, seconds.</summary>
    private const double GrowthTime = 1.5;

    /// <summary>
    /// How likely a person has begun to, or the face is seen at another size from one frame to the next, and at how
    /// much of another, standard deviation of the logarithm: where both face models look, the one's box is up to 1.5
    /// times the other's, and so is a face's that was first seen in part, at the picture's edge.
    /// </summary>
    private const double ChangeShare = 0.001;

    private const double Jump = 0.3;

    /// <summary>By how much a size changes by itself within a second.</summary>
    private const double Drift = 0.012;

    private State _state;
    private State _onward;
    private State _changed;
    private double _noise;

    /// <param name="log">The logarithm of the size that was seen.</param>
    /// <param name="noise">Variance of what is seen.</param>
    public SizeFilter(double log, double noise) =>
        _state = new State(log, 0, noise, 0, FirstGrowth * FirstGrowth);

    public readonly double Size => Math.Exp(_state.Log);

    /// <summary>Variance of what is to be seen, when it went on as before.</summary>
    public readonly double Variance => _onward.Variance + _noise;

    /// <param name="seconds">Since the last sighting; below 0 for a frame from before it.</param>
    /// <param name="spread">How much time uncertainty has had to grow, seconds.</param>
    /// <param name="noise">Variance of what is seen.</param>
    public void Predict(double seconds, double spread, double noise)
    {
        var (log, rate, variance, covariance, rateVariance) = _state;
        var reach = GrowthTime * (1 - Math.Exp(-spread / GrowthTime));
        var ahead = Math.CopySign(reach, seconds);
        _onward = new State(
            log + (ahead * rate), rate,
            variance + (2 * ahead * covariance) + (reach * reach * rateVariance) + (Drift * Drift * spread),
            covariance + (ahead * rateVariance), rateVariance);
        _changed = new State(
            log, 0, variance + (Jump * Jump) + (2 * Growth * Growth * GrowthTime * (spread - reach)),
            Growth * Growth * ahead, Growth * Growth);
        _noise = noise;
    }

    /// <returns>How far it is from what was to be seen.</returns>
    public readonly double Residual(in Sighting seen) => seen.LogSize - _onward.Log;

    /// <returns>How likely a sighting is just as large, for each unit of the logarithm.</returns>
    public readonly double Density(in Sighting seen)
    {
        var (onward, changed) = Densities(seen);
        return onward + changed;
    }

    /// <summary>Takes note of a sighting, after its prediction.</summary>
    public void Update(in Sighting seen)
    {
        var (onward, changed) = Densities(seen);
        var weight = onward + changed > 0 ? onward / (onward + changed) : 0;
        var (first, second) = (_onward.Update(seen.LogSize, _noise), _changed.Update(seen.LogSize, _noise));
        var mean = new State(
            (weight * first.Log) + ((1 - weight) * second.Log), (weight * first.Rate) + ((1 - weight) * second.Rate),
            0, 0, 0);
        _state = mean.With(weight, first).With(1 - weight, second);
    }

    private readonly (double Onward, double Changed) Densities(in Sighting seen) => (
        (1 - ChangeShare) * Gaussian.Density(seen.LogSize - _onward.Log, _onward.Variance + _noise),
        ChangeShare * Gaussian.Density(seen.LogSize - _changed.Log, _changed.Variance + _noise));

    private readonly record struct State(
        double Log, double Rate, double Variance, double Covariance, double RateVariance)
    {
        public State Update(double log, double noise)
        {
            var (gain, rateGain) = (Variance / (Variance + noise), Covariance / (Variance + noise));
            var residual = log - Log;
            return new State(
                Log + (gain * residual), Rate + (rateGain * residual), Variance * (1 - gain), Covariance * (1 - gain),
                RateVariance - (rateGain * Covariance));
        }

        /// <summary>Adds the variances of a part of a mixture, of which this is the mean.</summary>
        public State With(double weight, in State part)
        {
            var (log, rate) = (part.Log - Log, part.Rate - Rate);
            return this with
            {
                Variance = Variance + (weight * (part.Variance + (log * log))),
                Covariance = Covariance + (weight * (part.Covariance + (log * rate))),
                RateVariance = RateVariance + (weight * (part.RateVariance + (rate * rate))),
            };
        }
    }
}
