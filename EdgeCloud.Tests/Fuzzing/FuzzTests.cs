using System.Globalization;
using System.Text;
using EdgeCloud.Tests.Tools;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.Tests.Fuzzing;

public sealed class FuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>One round of the seed; the variables are for a run that may take longer (corpus/README.md).</summary>
    [Fact]
    public async Task Damaged_frames_and_events_are_refused_and_nothing_breaks()
    {
        var (seed, rounds) = (Number("EDGECLOUD_TEST_FUZZ_SEED", 1), Number("EDGECLOUD_TEST_FUZZ_ROUNDS", 1));
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();
        var settings = new Dictionary<string, string?>
        {
            ["Edge:Frames:FrameFile"] = "",

            // So that frames may come without pictures, and the models nevertheless look at each that differs at all.
            ["Edge:MotionGate:Enabled"] = "true",
            ["Edge:MotionGate:Threshold"] = "1",
        };
        await using var edge = new EdgeApplication(scene.BootstrapServers, settings);
        var address = edge.CreateClient().BaseAddress!;
        await edge.ReadyAsync();

        using var target = new FuzzTarget(address, server.BaseAddress!, scene.BootstrapServers);
        var run = new FuzzRun(target, Path.Combine(Repository.Root, "fuzz-findings"));
        await run.RunAsync(FuzzRun.Rounds(seed, rounds));

        Assert.True(run.Findings.Count == 0, string.Join('\n', run.Findings.Select(found =>
            $"seed {seed}: {found.Problem}: {found.Files.FirstOrDefault()}")));
        Assert.Subset(run.Outcomes.Keys.ToHashSet(), new HashSet<string> { "200", "400", "409", "415", "on Kafka" });
        Assert.Equal(1 + rounds, run.RoundsDone);
    }

    [Fact]
    public async Task What_breaks_something_is_written_to_a_file_that_sends_it_again()
    {
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();
        await using var edge = await FakeEdge.StartAsync((_, _, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        });
        var input = new InputMaker(1).Request(1);

        using var target = new FuzzTarget(edge.Address, server.BaseAddress!, scene.BootstrapServers);
        var run = new FuzzRun(target, _folder.Path);
        await run.RunAsync([[input]]);

        var finding = run.Findings.First();
        Assert.Equal("500", finding.Problem);
        var read = FuzzInput.Read(new FileInfo(Assert.Single(finding.Files)));
        Assert.Equal(input.Bytes, Assert.IsType<RequestInput>(read).Bytes);
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs_and_another_seed_others()
    {
        Assert.Equal(Requests(seed: 7), Requests(seed: 7));
        Assert.NotEqual(Requests(seed: 7), Requests(seed: 8));
        Assert.Equal(Values(seed: 7), Values(seed: 7));
        Assert.NotEqual(Values(seed: 7), Values(seed: 8));

        static byte[] Requests(int seed) =>
            [.. Enumerable.Range(0, 50).SelectMany(number => new InputMaker(seed).Request(number).Bytes)];
        static byte[] Values(int seed) =>
            [.. Enumerable.Range(0, 50).SelectMany(number => new InputMaker(seed).Value(number).Value ?? [])];
    }

    [Theory]
    [InlineData("edge-1", "{}\n{}")]
    [InlineData("edge-1", "")]
    [InlineData("edge-1", null)]
    [InlineData(null, "{}")]
    public void A_Kafka_message_comes_back_from_its_file(string? key, string? value)
    {
        var message = new ValueInput(
            key is null ? null : Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value));

        var read = Assert.IsType<ValueInput>(FuzzInput.Read(new FileInfo(message.Write(_folder.Path, "message"))));

        Assert.Equal(message.Key, read.Key);
        Assert.Equal(message.Value, read.Value);
    }

    [Fact]
    public void A_picture_taken_apart_and_put_together_is_the_same_picture()
    {
        Assert.NotEmpty(Corpus.Pictures);
        Assert.All(Corpus.Pictures, picture => Assert.Equal(picture, JpegSegment.Write(JpegSegment.Read(picture))));
    }

    public void Dispose() => _folder.Dispose();

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set
            ? int.Parse(set, CultureInfo.InvariantCulture)
            : otherwise;
}
