using System.Numerics;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Events;

/// <summary>Rounds the numbers of an event to what they mean, and no more.</summary>
internal static class WireNumbers
{
    /// <summary>To 1e-5 of the frame, a hundredth of a pixel at 1000 pixels; scores and presence likewise.</summary>
    public static double Relative(float value) => Math.Round((double)value, 5);

    /// <inheritdoc cref="Relative(float)"/>
    public static Point Relative(Vector2 point) => new(Relative(point.X), Relative(point.Y));

    /// <summary>To 1e-3: nobody asks for a visibility of 0.5 more exactly.</summary>
    public static double Visibility(float value) => Math.Round((double)value, 3);

    /// <summary>To a tenth of a millimetre.</summary>
    public static double Metres(float value) => Math.Round((double)value, 4);
}
