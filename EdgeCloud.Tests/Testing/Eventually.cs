using System.Diagnostics;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// Waits for a condition, not for a time: asks again until it holds, and fails when it has not after
/// what would be far too long.
/// </summary>
internal static class Eventually
{
    public static readonly TimeSpan FarTooLong = TimeSpan.FromSeconds(60);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started) < FarTooLong,
                $"Waited {FarTooLong.TotalSeconds} s in vain until {what}.");
            await pace.WaitForNextTickAsync();
        }
    }

    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), what);
}
