namespace EdgeCloud.Edge.Tracking;

/// <summary>
/// Where a face is and how fast it moves: a Kalman filter over three things that a person may have done since the last
/// sighting, each with its own prediction: gone on as before, stopped, or set out in another direction. They are
/// weighed by how long it has been, and after a sighting by how well each predicted it, and merged (a generalized
/// pseudo-Bayesian estimator of first order). Variances hold along any direction. Lengths are in heights of the
/// picture, noise in sizes of the face.
/// </summary>
internal struct PositionFilter
{
    /// <summary>How often a person stops, turns or sets out, a second.</summary>
    private const double ChangeRate = 0.3;

    /// <summary>How a person who sets out moves: standard deviation of each velocity, sizes a second.</summary>
    private const double Speed = 0.9;

    /// <summary>How long a velocity lasts when it is not known, seconds.</summary>
    private const double SpeedTime = 1.5;

    /// <summary>How far a person who stays sways, sizes.</summary>
    private const double Sway = 0.5;

    /// <summary>How long until that far, seconds.</summary>
    private const double SwayTime = 4;

    /// <summary>How fast a person who stays sways, sizes a second.</summary>
    private const double RestSpeed = 0.1;

    /// <summary>By how much a velocity changes that goes on, sizes a second in a second.</summary>
    private const double Acceleration = 0.1;

    /// <summary>How far the detector's box is off, sizes.</summary>
    private const double Jitter = 0.04;

    private State _state;
    private Prediction _onward;
    private Prediction _stopped;
    private Prediction _turned;

    public PositionFilter(double x, double y, double size)
    {
        var square = size * size;
        _state = new State(x, y, 0, 0, new Covariance(Jitter * Jitter * square, 0, Speed * Speed * square));
    }

    public readonly double X => _state.X;

    public readonly double Y => _state.Y;

    /// <summary>Heights of the picture a second.</summary>
    public readonly (double X, double Y) Velocity => (_state.VelocityX, _state.VelocityY);

    /// <summary>The person is where they were, and at rest.</summary>
    /// <param name="size">The face's.</param>
    public void Rest(double size) => _state = _state with
    {
        VelocityX = 0,
        VelocityY = 0,
        Covariance = new Covariance(_state.Covariance.Position, 0, RestSpeed * RestSpeed * size * size),
    };

    /// <param name="seconds">Since the last sighting; below 0 for a frame from before it.</param>
    /// <param name="spread">How much time uncertainty has had to grow, seconds.</param>
    /// <param name="size">The face's.</param>
    public void Predict(double seconds, double spread, double size)
    {
        var square = size * size;
        var noise = Jitter * Jitter * square;
        var (x, y, vx, vy, (variance, covariance, velocityVariance)) = _state;
        var unchanged = Math.Exp(-ChangeRate * spread);

        var drive = Acceleration * Acceleration * square * spread;
        _onward = new Prediction(
            unchanged,
            new State(
                x + (vx * seconds), y + (vy * seconds), vx, vy,
                new Covariance(
                    variance + (2 * seconds * covariance) + (seconds * seconds * velocityVariance)
                        + (drive * spread * spread / 3),
                    covariance + (seconds * velocityVariance) + (drive * seconds / 2),
                    velocityVariance + drive)),
            noise);

        // A change comes at any time since, but on the average after half of it.
        var before = Math.CopySign((1 - Math.Exp(-ChangeRate * spread / 2)) / ChangeRate, seconds);
        (x, y) = (x + (vx * before), y + (vy * before));
        var when = ((vx * vx) + (vy * vy)) * before * before / 6;
        _stopped = new Prediction(
            (1 - unchanged) / 2,
            new State(
                x, y, 0, 0,
                new Covariance(
                    variance + when + (Sway * Sway * square * (1 - Math.Exp(-spread / SwayTime))), 0,
                    RestSpeed * RestSpeed * square)),
            noise);

        // A velocity that is forgotten over time (Ornstein and Uhlenbeck): at first a person gets as far as the time
        // is long, later as its root.
        var reach = SpeedTime * (1 - Math.Exp(-spread / SpeedTime));
        var speed = Speed * Speed * square;
        _turned = new Prediction(
            (1 - unchanged) / 2,
            new State(
                x, y, 0, 0,
                new Covariance(
                    variance + (2 * speed * SpeedTime * (spread - reach)), Math.CopySign(speed * reach, seconds),
                    speed)),
            noise);
    }

    /// <returns>How likely a sighting is just there, for each square height of the picture.</returns>
    public readonly double Density(in Sighting seen) =>
        _onward.Density(seen) + _stopped.Density(seen) + _turned.Density(seen);

    /// <summary>Takes note of a sighting, after its prediction.</summary>
    public void Update(in Sighting seen)
    {
        var (onward, stopped, turned) = (_onward.Density(seen), _stopped.Density(seen), _turned.Density(seen));
        var sum = onward + stopped + turned;
        if (!(sum > 0))
            (onward, stopped, turned, sum) = (0, 0, 1, 1);
        var (first, second, third) = (_onward.Update(seen), _stopped.Update(seen), _turned.Update(seen));
        (onward, stopped, turned) = (onward / sum, stopped / sum, turned / sum);
        var mean = new State(
            (onward * first.X) + (stopped * second.X) + (turned * third.X),
            (onward * first.Y) + (stopped * second.Y) + (turned * third.Y),
            (onward * first.VelocityX) + (stopped * second.VelocityX) + (turned * third.VelocityX),
            (onward * first.VelocityY) + (stopped * second.VelocityY) + (turned * third.VelocityY), default);
        _state = mean.With(onward, first).With(stopped, second).With(turned, third);
    }

    private readonly record struct State(
        double X, double Y, double VelocityX, double VelocityY, Covariance Covariance)
    {
        /// <summary>Adds the variances of a part of a mixture, of which this is the mean.</summary>
        public State With(double weight, in State part)
        {
            var (x, y) = (part.X - X, part.Y - Y);
            var (vx, vy) = (part.VelocityX - VelocityX, part.VelocityY - VelocityY);
            var (variance, covariance, velocityVariance) = part.Covariance;
            return this with
            {
                Covariance = new Covariance(
                    Covariance.Position + (weight * (variance + (((x * x) + (y * y)) / 2))),
                    Covariance.Cross + (weight * (covariance + (((x * vx) + (y * vy)) / 2))),
                    Covariance.Velocity + (weight * (velocityVariance + (((vx * vx) + (vy * vy)) / 2)))),
            };
        }
    }

    /// <summary>Along any direction.</summary>
    private readonly record struct Covariance(double Position, double Cross, double Velocity);

    /// <param name="Weight">How likely it is.</param>
    /// <param name="State">Where the face is then.</param>
    /// <param name="Noise">Variance of what is seen of it.</param>
    private readonly record struct Prediction(double Weight, State State, double Noise)
    {
        public double Density(in Sighting seen) =>
            Weight * Gaussian.Density(seen.X - State.X, seen.Y - State.Y, State.Covariance.Position + Noise);

        public State Update(in Sighting seen)
        {
            var (variance, covariance, velocityVariance) = State.Covariance;
            var (gain, velocityGain) = (variance / (variance + Noise), covariance / (variance + Noise));
            var (x, y) = (seen.X - State.X, seen.Y - State.Y);
            return new State(
                State.X + (gain * x), State.Y + (gain * y),
                State.VelocityX + (velocityGain * x), State.VelocityY + (velocityGain * y),
                new Covariance(
                    variance * (1 - gain), covariance * (1 - gain), velocityVariance - (velocityGain * covariance)));
        }
    }
}
