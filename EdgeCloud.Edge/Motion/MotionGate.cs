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
            (scene.View, scene.Findings) = (view, findings);
            grid.CopyTo(scene.Grid);

            _scenes.RemoveBefore(view.Accepted - _options.MaxConfirm);
            _scenes.Set(view.DeviceId, scene);
        }
    }

    private sealed class Scene
    {
        public byte[] Grid { get; } = new byte[LumaGrid.Cells];
        public View View { get; set; }
        public Findings Findings { get; set; } = null!;
    }
}

/// <summary>What, besides the picture, must be the same for a result to hold.</summary>
/// <param name="DeviceId">Whose frame it is.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Models">What to look with.</param>
/// <param name="Accepted">When the frame was accepted, on a clock that never goes back.</param>
internal readonly record struct View(string DeviceId, int Width, int Height, ModelChoice Models, TimeSpan Accepted);
