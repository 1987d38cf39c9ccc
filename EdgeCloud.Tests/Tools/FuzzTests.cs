using System.Text;
using EdgeCloud.Cli.Fuzzing;
using EdgeCloud.Tests.Edge;
using EdgeCloud.Tests.Server;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.Tests.Tools;

public sealed class FuzzTests : IDisposable
{
    private readonly string _findings = Directory.CreateTempSubdirectory("edgecloud-").FullName;

    [Fact]
    public async Task Damaged_frames_and_events_are_refused_and_nothing_breaks()
    {
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();
        await using var edge = new EdgeApplication(scene.BootstrapServers, new Dictionary<string, string?> { ["Edge:Frames:FrameFile"] = "" });
        var address = edge.CreateClient().BaseAddress!;
        await edge.ReadyAsync();

        // Round 0 is what once broke something; 1 is of the seed.
        using var run = new FuzzRun(Plan(address, server.BaseAddress!, scene.BootstrapServers) with { Seed = 1, Rounds = 2 });
        var report = await run.RunAsync(CancellationToken.None);

        Assert.Empty(report.Findings.Select(finding => finding.Problem));
        Assert.Subset(report.Outcomes.Keys.ToHashSet(), new HashSet<string> { "200", "400", "415", "on Kafka" });
        Assert.Equal(2, report.Memory.Count);
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

        using var run = new FuzzRun(Plan(edge.Address, server.BaseAddress!, kafka: null) with { Rounds = 1, Only = [input] });
        var finding = (await run.RunAsync(CancellationToken.None)).Findings.First();

        Assert.Equal("500", finding.Problem);
        Assert.Equal(input.Bytes, Assert.IsType<RequestInput>(FuzzInput.Read(new FileInfo(Assert.Single(finding.Files)))).Bytes);
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs_and_another_seed_others()
    {
        Assert.Equal(Requests(seed: 7), Requests(seed: 7));
        Assert.NotEqual(Requests(seed: 7), Requests(seed: 8));
        Assert.Equal(Values(seed: 7), Values(seed: 7));
        Assert.NotEqual(Values(seed: 7), Values(seed: 8));

        static byte[] Requests(int seed) => [.. Enumerable.Range(0, 50).SelectMany(number => new InputMaker(seed).Request(number).Bytes)];
        static byte[] Values(int seed) => [.. Enumerable.Range(0, 50).SelectMany(number => new InputMaker(seed).Value(number).Value ?? [])];
    }

    [Theory]
    [InlineData("edge-1", "{}\n{}")]
    [InlineData("edge-1", "")]
    [InlineData("edge-1", null)]
    [InlineData(null, "{}")]
    public void A_Kafka_message_comes_back_from_its_file(string? key, string? value)
    {
        var message = new ValueInput(key is null ? null : Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value));

        var read = Assert.IsType<ValueInput>(FuzzInput.Read(new FileInfo(message.Write(_findings, "message"))));

        Assert.Equal(message.Key, read.Key);
        Assert.Equal(message.Value, read.Value);
    }

    [Fact]
    public void A_picture_taken_apart_and_put_together_is_the_same_picture()
    {
        Assert.NotEmpty(Corpus.Pictures);
        Assert.All(Corpus.Pictures, picture => Assert.Equal(picture, JpegSegment.Write(JpegSegment.Read(picture))));
    }

    public void Dispose() => Directory.Delete(_findings, recursive: true);

    private FuzzPlan Plan(Uri edge, Uri server, string? kafka) => new() { Edge = edge, Server = server, Kafka = kafka, KnownGood = Photo.Astronaut, FindingsFolder = _findings };
}
