namespace EdgeCloud.Edge.Tracking;

/// <summary>How likely a face in a frame is one that was not there before, or no face at all.</summary>
/// <param name="isFirst">Of the device's frames, where everything is new.</param>
/// <param name="aspect">The picture's width over its height.</param>
internal readonly struct Birth(bool isFirst, double aspect)
{
    /// <summary>How often somebody new comes, a second.</summary>
    private const double NewRate = 0.1;

    private const double FirstShare = 0.99;

    /// <summary>How many of them come in within a face's size of the picture's edge, rather than anywhere.</summary>
    private const double EdgeShare = 0.8;

    /// <summary>How many frames have a false face.</summary>
    private const double FalseShare = 0.02;

    /// <summary>How likely it has just this size, for each unit of its logarithm.</summary>
    private const double SizeDensity = 0.6;

    /// <summary>How high faces score, standard deviation too; and at least, since detectors differ.</summary>
    private const double MeanScore = 0.8;

    private const double ScoreDeviation = 0.1;

    private const double LeastScoreDensity = 0.3;

    /// <summary>What scores this is as good as none, and how much more is exponentially rarer where there is none.
    /// </summary>
    private const double FalseScore = 0.5;

    private const double FalseScoreScale = 0.05;

    /// <returns>How likely a face has this score.</returns>
    public static double FaceScore(double score) =>
        Gaussian.Density(score - MeanScore, ScoreDeviation * ScoreDeviation) + LeastScoreDensity;

    /// <returns>
    /// How likely a new face or a false one is just there, for each square height of the picture and unit of the size's
    /// logarithm.
    /// </returns>
    /// <param name="face">What is seen.</param>
    /// <param name="elapsed">Since the last frame, seconds.</param>
    public double Density(in Sighting face, double elapsed)
    {
        var size = face.Size;
        var inner = Math.Max(0, aspect - (2 * size)) * Math.Max(0, 1 - (2 * size));
        var isAtEdge = face.X < size || face.Y < size || face.X > aspect - size || face.Y > 1 - size;
        var place = ((1 - EdgeShare) / aspect) + (isAtEdge ? EdgeShare / (aspect - inner) : 0);
        return (New(face.Score, elapsed) + False(face.Score)) * place * SizeDensity;
    }

    /// <returns>How likely a face that was not there before is a face.</returns>
    /// <param name="face">What is seen.</param>
    /// <param name="elapsed">Since the last frame, seconds.</param>
    public double FaceShare(in Sighting face, double elapsed) =>
        New(face.Score, elapsed) / (New(face.Score, elapsed) + False(face.Score));

    private double New(double score, double elapsed) =>
        (isFirst ? FirstShare : 1 - Math.Exp(-NewRate * elapsed)) * FaceScore(score);

    private static double False(double score) =>
        FalseShare * Math.Exp((FalseScore - score) / FalseScoreScale) / FalseScoreScale;
}
