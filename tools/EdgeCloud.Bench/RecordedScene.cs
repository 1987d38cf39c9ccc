using EdgeCloud.Tests.Edge.Motion;

namespace EdgeCloud.Bench;

/// <summary>
/// Two minutes before a camera, over and over, pictures made beforehand: nobody for 72 s; somebody comes in, moves,
/// sits and shifts a little every two seconds, leaves; nobody again. Each picture is there with six noises, in turn.
/// </summary>
internal sealed class RecordedScene
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(120);

    private const int Noises = 6;
    private const double Frame = 1 / 15.0;
    private const double FaceWidth = 90;
    private const double Y = 230;

    /// <summary>Positions in the second of the scene from which on they hold, ascending; null for nobody.</summary>
    private readonly List<(double From, double? X)> _positions = [(0, null)];
    private readonly byte[][][] _pictures;

    public RecordedScene(byte[] photo)
    {
        for (var step = 0; step < 33; step++)
            _positions.Add((72 + (step * Frame), -90 + (12 * step)));
        for (var step = 0; step < 180; step++)
            _positions.Add((74.2 + (step * Frame), 300 + (100 * Math.Sin(step / 15.0))));
        for (var step = 0; step < 14; step++)
            _positions.Add((86.2 + (2 * step), 300 + (3 * (step % 3))));
        for (var step = 0; step < 30; step++)
            _positions.Add((114.2 + (step * Frame), 315 + (15 * step)));
        _positions.Add((116.2, null));

        var view = new CameraView(photo, seed: 1);
        var made = new Dictionary<double, byte[][]>();
        _pictures = [.. _positions.Select(position => Pictures(position.X))];

        byte[][] Pictures(double? x)
        {
            var key = Math.Round((x ?? -1000) / 3) * 3;
            return made.TryGetValue(key, out var known)
                ? known
                : made[key] =
                    [.. Enumerable.Range(0, Noises).Select(_ => view.Shot(x is null ? null : (key, Y, FaceWidth)))];
        }
    }

    public int Positions => _positions.Count;

    /// <param name="index">Of the position.</param>
    /// <param name="frame">Counts, so that the noise changes.</param>
    public byte[] Picture(int index, long frame) => _pictures[index][frame % Noises];

    /// <returns>The index of the position at a time since the first scene began.</returns>
    public int At(TimeSpan time)
    {
        var second = time.TotalSeconds % Length.TotalSeconds;
        return _positions.FindLastIndex(position => position.From <= second);
    }

    /// <returns>When a position begins, in the scene.</returns>
    public TimeSpan Start(int index) => TimeSpan.FromSeconds(_positions[index].From);
}
