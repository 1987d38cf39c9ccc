namespace EdgeCloud.Edge.Tracking;

/// <summary>
/// What is known of one person's face: where it is, how large, and how likely it is there to be seen. Times are
/// seconds on the device's clock (<see cref="DeviceTracks"/>).
/// </summary>
internal sealed class Track
{
    /// <summary>How likely a face that is there is found.</summary>
    private const double Detected = 0.92;

    /// <summary>How often a face is hidden or goes, a second.</summary>
    private const double HideRate = 0.1;

    /// <summary>
    /// How often one that is hidden or away comes back, a second: at first so, and after <see cref="ReturnTime"/>
    /// seconds half as often, since who has been away for long stays so.
    /// </summary>
    private const double ReturnRate = 0.15;

    private const double ReturnTime = 5;

    /// <summary>The same of one that walked out of the picture.</summary>
    private const double LeftReturnRate = 0.001;

    /// <summary>How likely one that is about to walk out is still there a frame later.</summary>
    private const double LeavingShare = 0.135;

    /// <summary>Who goes at this speed towards an edge, sizes a second, walks out when there within seconds.</summary>
    private const double LeavingSpeed = 0.3;

    private const double LeavingTime = 1.5;

    /// <summary>How close to an edge no face is found any more, sizes from its middle.</summary>
    private const double LeavingMargin = 0.3;

    private PositionFilter _position;
    private SizeFilter _size;
    private double _there;

    /// <param name="seen">The first sighting.</param>
    /// <param name="now">When.</param>
    /// <param name="share">How likely it is a face at all.</param>
    /// <param name="sizeNoise">Variance of the logarithm of sizes that are seen.</param>
    public Track(in Sighting seen, double now, double share, double sizeNoise)
    {
        _position = new PositionFilter(seen.X, seen.Y, seen.Size);
        _size = new SizeFilter(seen.LogSize, sizeNoise);
        (_there, SeenAt) = (share, now);
    }

    /// <summary>Whether a face of the frame at hand is its.</summary>
    public bool IsSeen { get; set; }

    /// <summary>0 while it may well be no face.</summary>
    public long Id { get; set; }

    public double SeenAt { get; private set; }

    /// <summary>Variance of the logarithm of the size that is to be seen.</summary>
    public double SizeVariance => _size.Variance;

    /// <summary>Lets time pass since the last frame.</summary>
    /// <param name="now">At this frame.</param>
    /// <param name="elapsed">Since the last one, 0 or more.</param>
    /// <param name="aspect">The picture's width over its height.</param>
    public void Elapse(double now, double elapsed, double aspect)
    {
        var hasLeft = HasLeft(now - SeenAt, aspect);
        var rate = hasLeft ? LeftReturnRate : ReturnRate / (1 + ((now - SeenAt) / ReturnTime));
        var stays = hasLeft ? LeavingShare : Math.Exp(-HideRate * elapsed);
        _there = (_there * stays) + ((1 - _there) * (1 - Math.Exp(-rate * elapsed)));
    }

    /// <param name="seconds">Since the last sighting; below 0 for a frame from before it.</param>
    /// <param name="spread">How much time uncertainty has had to grow, seconds.</param>
    /// <param name="sizeNoise">Variance of the logarithm of sizes that are seen.</param>
    public void Predict(double seconds, double spread, double sizeNoise)
    {
        _position.Predict(seconds, spread, _size.Size);
        _size.Predict(seconds, spread, sizeNoise);
    }

    /// <returns>
    /// How likely this is what is seen of the face, over how likely nothing is seen of it, for each square height of
    /// the picture and unit of the size's logarithm.
    /// </returns>
    public double Likelihood(in Sighting seen)
    {
        var found = Detected * _there;
        return _position.Density(seen) * _size.Density(seen) * found / (1 - found);
    }

    public double SizeResidual(in Sighting seen) => _size.Residual(seen);

    public void Update(in Sighting seen, double now)
    {
        _position.Update(seen);
        _size.Update(seen);
        (_there, SeenAt) = (1, now);
    }

    /// <summary>The picture has not changed since the face was seen in it.</summary>
    public void Confirm(double now)
    {
        _position.Rest(_size.Size);
        (_there, SeenAt) = (1, now);
    }

    /// <summary>Nothing was seen of it in a frame.</summary>
    public void Miss()
    {
        var missed = _there * (1 - Detected);
        _there = missed / (missed + 1 - _there);
    }

    private bool HasLeft(double away, double aspect)
    {
        var (size, ahead) = (_size.Size, Math.Min(away, LeavingTime));
        var (margin, least) = (LeavingMargin * size, LeavingSpeed * size);
        var (vx, vy) = _position.Velocity;
        var (x, y) = (_position.X + (vx * ahead), _position.Y + (vy * ahead));
        return (x < margin && vx < -least) || (x > aspect - margin && vx > least)
            || (y < margin && vy < -least) || (y > 1 - margin && vy > least);
    }
}
