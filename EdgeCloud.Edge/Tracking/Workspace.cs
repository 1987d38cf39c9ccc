namespace EdgeCloud.Edge.Tracking;

/// <summary>Memory to assign faces in, for one frame at a time.</summary>
internal sealed class Workspace
{
    private double[] _costs = [];
    private int[] _trackOf = [];

    /// <summary>Of the frame.</summary>
    public List<Sighting> Faces { get; } = [];

    public Assignment Assignment { get; } = new();

    /// <returns>Costs of 0, and room for the column of each face.</returns>
    public (double[] Costs, int[] TrackOf) Prepare(int faces, int columns)
    {
        if (_costs.Length < faces * columns)
            _costs = new double[2 * faces * columns];
        if (_trackOf.Length < faces)
            _trackOf = new int[2 * faces];
        Array.Clear(_costs, 0, faces * columns);
        return (_costs, _trackOf);
    }
}
