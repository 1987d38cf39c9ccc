using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Tracking;

/// <summary>
/// The tracks of one device. Each frame's faces are assigned to them all at once, by how likely each is this track's
/// rather than a new one's. Its clock is the frames' time, but never goes back. Not thread-safe.
/// </summary>
/// <param name="nextId">The first id to give.</param>
internal sealed class DeviceTracks(long nextId)
{
    /// <summary>As many as can be followed at once; the one not seen for the longest time is forgotten.</summary>
    public const int MaxTracks = 64;

    /// <summary>How long a track waits for its face, and one that may well be no face, seconds.</summary>
    private const double Memory = 60;

    private const double DoubtfulMemory = 2;

    /// <summary>A frame from longer ago, seconds, has not been overtaken: time was set back.</summary>
    private const double MaxLate = 2;

    /// <summary>Two frames may lie closer together than their times tell, seconds.</summary>
    private const double LeastSpread = 0.03;

    /// <summary>What the first frame stands for, seconds.</summary>
    private const double FirstInterval = 1;

    /// <summary>By how much a size that is seen is off, at first: standard deviation of the logarithm.</summary>
    private const double SizeJitter = 0.04;

    /// <summary>How many sightings that counts for, and how many of the last count in all.</summary>
    private const double FirstSizes = 10;

    private const double MaxSizes = 300;

    /// <summary>A size that is off by more than three standard deviations teaches no more than by three.</summary>
    private const double MaxSurprise = 9;

    /// <summary>What it is learnt to be lies between these.</summary>
    private const double LeastSizeJitter = 0.02;

    private const double MostSizeJitter = 0.1;

    /// <summary>A pair that is out of the question.</summary>
    private const double Impossible = 1e6;

    private readonly List<Track> _tracks = new(4);
    private TimeSpan? _time;
    private double _now;
    private double _aspect;
    private double _sizeNoise = SizeJitter * SizeJitter;
    private double _sizes = FirstSizes;

    public int Count => _tracks.Count;

    /// <summary>The next id to give.</summary>
    public long NextId { get; private set; } = nextId;

    /// <summary>Of the last frame.</summary>
    public TimeSpan Time => _time ?? TimeSpan.MinValue;

    /// <param name="time">When the frame was accepted.</param>
    /// <param name="aspect">Its picture's width over its height.</param>
    /// <param name="work">
    /// Has the faces, at most <see cref="MaxTracks"/>, in the order of <see cref="Sighting.Compare"/>.
    /// </param>
    /// <param name="ids">Of each face, by its <see cref="Sighting.Index"/>; what has none is left as it is.</param>
    public void Follow(TimeSpan time, double aspect, Workspace work, long?[] ids)
    {
        var birth = new Birth(_time is null, aspect);
        var elapsed = Advance(time);
        _aspect = aspect;
        if (elapsed >= 0)
            Age(elapsed);
        foreach (var track in _tracks)
            track.IsSeen = false;
        if (work.Faces.Count > 0)
            Assign(elapsed, birth, work, ids);
        if (elapsed < 0)
            return;
        foreach (var track in _tracks)
        {
            if (!track.IsSeen)
                track.Miss();
        }
    }

    /// <summary>Keeps those alive that were seen in a picture that has not changed since.</summary>
    /// <param name="time">When the frame was accepted.</param>
    /// <param name="faces">What was seen in it.</param>
    public void Confirm(TimeSpan time, IReadOnlyList<Face> faces)
    {
        var elapsed = Advance(time);
        if (elapsed < 0)
            return;
        Age(elapsed);
        foreach (var track in _tracks)
        {
            for (var i = 0; i < faces.Count; i++)
            {
                if (faces[i].TrackId == track.Id)
                    track.Confirm(_now);
            }
        }
    }

    /// <returns>
    /// Seconds since the last frame; below 0 for a frame that it has overtaken, which moves no track.
    /// </returns>
    private double Advance(TimeSpan time)
    {
        var elapsed = _time is { } last ? (time - last).TotalSeconds : FirstInterval;
        if (elapsed is < 0 and >= -MaxLate)
            return elapsed;
        elapsed = Math.Max(0, elapsed);
        (_time, _now) = (time, _now + elapsed);
        return elapsed;
    }

    private void Age(double elapsed)
    {
        for (var i = _tracks.Count - 1; i >= 0; i--)
        {
            var track = _tracks[i];
            if (_now - track.SeenAt > (track.Id > 0 ? Memory : DoubtfulMemory))
                _tracks.RemoveAt(i);
            else
                track.Elapse(_now, elapsed, _aspect);
        }
    }

    private void Assign(double elapsed, in Birth birth, Workspace work, long?[] ids)
    {
        var (faces, known) = (work.Faces, _tracks.Count);
        foreach (var track in _tracks)
        {
            var seconds = _now + Math.Min(0, elapsed) - track.SeenAt;
            track.Predict(seconds, Math.Max(Math.Abs(seconds), LeastSpread), _sizeNoise);
        }

        // As many columns more as there are faces, so that each may be new; that is what the costs are relative to.
        var columns = known + faces.Count;
        var (costs, trackOf) = work.Prepare(faces.Count, columns);
        for (var i = 0; i < faces.Count; i++)
        {
            var share = birth.Density(faces[i], Math.Abs(elapsed));
            for (var j = 0; j < known; j++)
            {
                var ratio = _tracks[j].Likelihood(faces[i]) * Birth.FaceScore(faces[i].Score) / share;
                costs[(i * columns) + j] = ratio > 1 ? -Math.Log(ratio) : Impossible;
            }
        }

        work.Assignment.Solve(costs, faces.Count, columns, trackOf);
        for (var i = 0; i < faces.Count; i++)
        {
            if (trackOf[i] < known)
                ids[faces[i].Index] = See(_tracks[trackOf[i]], faces[i], elapsed);
        }

        for (var i = 0; i < faces.Count; i++)
        {
            if (trackOf[i] >= known)
                ids[faces[i].Index] = Begin(faces[i], birth.FaceShare(faces[i], Math.Abs(elapsed)));
        }
    }

    private long See(Track track, in Sighting face, double elapsed)
    {
        track.IsSeen = true;
        if (track.Id == 0)
            track.Id = NextId++;
        if (elapsed < 0)
            return track.Id;

        var (variance, residual) = (track.SizeVariance, track.SizeResidual(face));
        var surprise = Math.Min(residual * residual, MaxSurprise * variance) - variance;
        _sizeNoise = Math.Clamp(
            _sizeNoise + (surprise / _sizes), LeastSizeJitter * LeastSizeJitter, MostSizeJitter * MostSizeJitter);
        _sizes = Math.Min(_sizes + 1, MaxSizes);
        track.Update(face, _now);
        return track.Id;
    }

    /// <returns>Null while it may well be no face.</returns>
    private long? Begin(in Sighting face, double share)
    {
        if (_tracks.Count == MaxTracks)
            _tracks.Remove(_tracks.Where(static track => !track.IsSeen).MinBy(static track => track.SeenAt)!);
        var track = new Track(face, _now, share, _sizeNoise) { IsSeen = true, Id = share > 0.5 ? NextId++ : 0 };
        _tracks.Add(track);
        return track.Id > 0 ? track.Id : null;
    }
}
