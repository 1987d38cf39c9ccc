using System.Globalization;
using EdgeCloud.Edge.Devices;
using EdgeCloud.Edge.Inference;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Motion;

/// <summary>
/// Decides whether the models must look at a frame. It is compared with the last one of its device that they looked at,
/// never with the one before it, so that what changes slowly adds up. In memory only and bounded: what is older than
/// <see cref="MotionGateOptions.MaxConfirm"/>, and so of no more use, is forgotten at the next look at any device's
/// frame; with <see cref="Capacity"/> devices, the oldest.
/// </summary>
internal sealed class MotionGate(IOptions<MotionGateOptions> options)
{
    public const int Capacity = 256;

    private readonly MotionGateOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly DeviceTable<Scene> _scenes = new(Capacity, static scene => scene.View.Accepted);

    public int Count
    {
        get
        {
            lock (_lock)
                return _scenes.Count;
        }
    }

    /// <param name="view">The frame.</param>
    /// <param name="grid">What it shows, as <see cref="LumaGrid"/>.</param>
    /// <returns>What the models found last, which still holds; null when they must look.</returns>
    public Findings? Confirm(in View view, ReadOnlySpan<byte> grid)
    {
        if (!_options.Enabled)
            return null;
        lock (_lock)
        {
            return _scenes.TryGet(view.DeviceId, out var scene) && scene.View is var looked
                && looked.Accepted < view.Accepted && view.Accepted - looked.Accepted < _options.MaxConfirm
                && looked with { Accepted = view.Accepted } == view
                && LumaGrid.Difference(scene.Grid, grid) <= _options.Threshold
                ? scene.Findings
                : null;
        }
    }

    /// <summary>
    /// Confirms a frame that came without its picture, since its sender has compared it with the frame of this number.
    /// Only the last one that the models looked at will do, and none that was itself confirmed: each may differ from
    /// the one before by the threshold.
    /// </summary>
    /// <param name="view">The frame; the size of its picture is not known.</param>
    /// <param name="repeated">What the sender compared it with.</param>
    /// <param name="problem">Why the picture is needed, when there is no result.</param>
    public Repeated? Confirm(in View view, in FrameReference repeated, out string problem)
    {
        if (!_options.Enabled)
        {
            problem = "The motion gate is off.";
            return null;
        }

        lock (_lock)
        {
            _scenes.TryGet(view.DeviceId, out var scene);
            problem = Problem(scene, view, repeated);
            return problem.Length > 0
                ? null
                : new Repeated((scene!.View.Width, scene.View.Height), scene.Findings, scene.Look!.Value);
        }
    }

    /// <summary>Takes note of what the models found, unless they have looked at a later frame.</summary>
    public void Keep(in View view, ReadOnlySpan<byte> grid, Findings findings)
    {
        if (!_options.Enabled)
            return;
        lock (_lock)
        {
            // The grid is kept from frame to frame, so a steady stream allocates nothing.
            if (!_scenes.TryGet(view.DeviceId, out var scene))
                scene = new Scene();
            else if (scene.View.Accepted >= view.Accepted)
                return;
            (scene.View, scene.Findings, scene.Look) = (view, findings, null);
            grid.CopyTo(scene.Grid);

            _scenes.RemoveBefore(view.Accepted - _options.MaxConfirm);
            _scenes.Set(view.DeviceId, scene);
        }
    }

    /// <summary>Takes note of what the sender knows a frame by that the models looked at.</summary>
    /// <param name="deviceId">Whose frame it is.</param>
    /// <param name="accepted">When it was accepted, as in its <see cref="View"/>.</param>
    /// <param name="look">Its event, and what it took.</param>
    public void Answered(string deviceId, TimeSpan accepted, in Look look)
    {
        lock (_lock)
        {
            if (_scenes.TryGet(deviceId, out var scene) && scene.View.Accepted == accepted)
                scene.Look = look;
        }
    }

    private string Problem(Scene? scene, in View view, in FrameReference repeated)
    {
        if (scene?.Look is not { } look)
            return "No frame of this device is known that the models have looked at.";
        if (look.Sequence != repeated.Sequence || (repeated.EventId ?? look.EventId) != look.EventId)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The frame that the models looked at last is another one, number {look.Sequence} of this run.");
        if (view.Accepted - scene.View.Accepted is var age && (age <= TimeSpan.Zero || age >= _options.MaxConfirm))
            return string.Create(
                CultureInfo.InvariantCulture, $"The models looked at it {age.TotalSeconds:0.0} s ago, and after "
                + $"{_options.MaxConfirm.TotalSeconds:0.###} s they look again.");
        return scene.View.Models == view.Models ? "" : "The models that look now are others than then.";
    }

    private sealed class Scene
    {
        public byte[] Grid { get; } = new byte[LumaGrid.Cells];
        public View View { get; set; }
        public Findings Findings { get; set; } = null!;

        /// <summary>Null until the event of the frame is stored.</summary>
        public Look? Look { get; set; }
    }
}

/// <summary>What, besides the picture, must be the same for a result to hold.</summary>
/// <param name="DeviceId">Whose frame it is.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Models">What to look with.</param>
/// <param name="Accepted">When the frame was accepted, on a clock that never goes back.</param>
internal readonly record struct View(string DeviceId, int Width, int Height, ModelChoice Models, TimeSpan Accepted);

/// <summary>Which frame another one repeats.</summary>
/// <param name="Sequence">Of its event.</param>
/// <param name="EventId">Likewise, since numbers begin again when the edge does; null when the sender did not say.
/// </param>
internal readonly record struct FrameReference(long Sequence, Guid? EventId);

/// <summary>A frame that the models looked at, as its sender knows it.</summary>
/// <param name="Sequence">Of its event.</param>
/// <param name="EventId">Likewise.</param>
/// <param name="BodyBytes">What was uploaded.</param>
/// <param name="ComparedJoules">What it took to decode the picture and to compare it, before any model ran.</param>
internal readonly record struct Look(long Sequence, Guid EventId, int BodyBytes, double ComparedJoules);

/// <summary>What holds for a frame that repeats another.</summary>
/// <param name="Size">Of the other's picture, pixels.</param>
/// <param name="Findings">What the models found in it.</param>
/// <param name="Look">How it came.</param>
internal readonly record struct Repeated((int Width, int Height) Size, Findings Findings, Look Look);
