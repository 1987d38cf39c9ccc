using System.Net;
using EdgeCloud.Edge.Frames;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Overload;

public sealed class ResidentMemoryTests
{
    private const long MaxResidentBytes = 250_000_000;

    [Fact]
    public void Memory_goes_back_once_when_large_frames_have_ceased()
    {
        var (memory, givenBack) = (new FrameMemory(Options.Create(new FrameOptions())), 0);
        using var resident = new ResidentMemory(memory, TimeProvider.System) { GiveBack = () => givenBack++ };

        Assert.Equal([0, 0], After(3_000_000, 0));
        Assert.Equal([0, 0, 1, 1], After(20_000_000, 20_000_000, 0, 0));
        Assert.Equal([1, 2], After(20_000_000, 3_000_000));

        int[] After(params long[] taken) => [.. taken.Select(bytes =>
        {
            using (var share = memory.Open())
                Assert.True(share.TryTake(bytes));
            resident.Look();
            return givenBack;
        })];
    }

    [NightlyFact]
    public async Task After_frames_of_all_sizes_250_MB_are_resident_at_most_while_small_ones_go_on()
    {
        using var folder = new TemporaryFolder();
        await using var edge =
            await EdgeProcess.StartAsync("127.0.0.1:1", folder.File("outbox.db"), "--Edge:Inference:Pose=Lite");
        byte[][] pictures =
        [
            .. from size in ((int, int)[])[(160, 120), (640, 480), (1280, 720), (1920, 1080), (4096, 4096)]
               select Photo.AstronautAt(size.Item1, size.Item2),
        ];

        for (var round = 0; round < 20; round++)
        {
            var answers = await Task.WhenAll(
                pictures.Select((jpeg, i) => edge.Client.PostJpegAsync(jpeg, $"?device_id=camera-{i}")));
            Assert.All(answers, answer =>
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests));
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                await edge.Client.PostJpegAsync(Photo.Astronaut);
                return edge.ResidentBytes <= MaxResidentBytes;
            },
            "at most 250 MB are resident");
    }
}
