namespace EdgeCloud.Tests.Tools;

/// <summary><c>./edgecloud tracks</c>.</summary>
public sealed class TracksTests : IDisposable
{
    private const string Scene = """
        {"fps":1,"width":1280,"height":720,"frames":[
          {"t":0,"faces":[{"conf":0.9,"xmin":0.2,"ymin":0.3,"width":0.1,"height":0.18},
                          {"conf":0.9,"xmin":0.6,"ymin":0.3,"width":0.1,"height":0.18}]},
          {"t":1,"faces":[]},
          {"t":2,"faces":[{"conf":0.9,"xmin":0.6,"ymin":0.3,"width":0.1,"height":0.18},
                          {"conf":0.5,"xmin":0.4,"ymin":0.7,"width":0.1,"height":0.18},
                          {"conf":0.9,"xmin":0.2,"ymin":0.3,"width":0.1,"height":0.18}]}]}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_tracks_of_each_frame_are_printed_in_the_order_of_its_faces()
    {
        var done = await RunAsync(Scene);

        Assert.True(done.ExitCode == 0, done.Text);
        Assert.Equal("[[1,2],[],[2,null,1]]\n", done.Output);
    }

    [Theory]
    [InlineData("no json", "is an invalid JSON literal")]
    [InlineData("[]", "It is no object.")]
    [InlineData("""{"width":640,"height":480}""", "frames is missing.")]
    [InlineData("""{"width":640,"height":480,"frames":[{"faces":[]}]}""", "frames[0].t is missing.")]
    [InlineData("""{"width":0,"height":480,"frames":[]}""", "width does not lie between 1 and 1000000.")]
    [InlineData(
        """{"width":640,"height":480,"frames":[{"t":0,"faces":[{"conf":0.9,"xmin":"a","ymin":0}]}]}""",
        "frames[0].faces[0].xmin is no number.")]
    public async Task What_is_no_scene_is_told(string json, string problem)
    {
        var done = await RunAsync(json);

        Assert.Equal(1, done.ExitCode);
        Assert.Contains(problem, done.Error, StringComparison.Ordinal);
        Assert.Empty(done.Output);
    }

    [Fact]
    public async Task No_frames_have_no_tracks() =>
        Assert.Equal("[]\n", (await RunAsync("""{"width":640,"height":480,"frames":[]}""")).Output);

    private async Task<Finished> RunAsync(string json)
    {
        var path = _folder.File("scene.json");
        await File.WriteAllTextAsync(path, json);
        return await ChildProcess.RunAsync(ChildProcess.Dotnet("edgecloud", "tracks", path));
    }
}
