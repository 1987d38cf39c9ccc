using System.Text;
using System.Text.Json;
using EdgeCloud.Cli.Analysis;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Tools;

/// <summary><c>./edgecloud analyse</c>.</summary>
public sealed class AnalyseTests : IDisposable
{
    private static readonly DateTimeOffset Beginning = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private string Video => _folder.File("walk.mp4");

    private string Events => _folder.File("events.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_frame_has_an_event_with_the_files_own_time_and_the_summary_says_when_somebody_was_there()
    {
        await WalkThroughAsync("-metadata", "creation_time=2026-03-01T12:00:00Z");

        var done = await AnalyseAsync("--out", Events);

        Assert.True(done.ExitCode == 0, done.Text);
        var events = await ReadEventsAsync();
        Assert.Equal(
            Enumerable.Range(0, 60).Select(frame => Beginning.AddMilliseconds(100 * frame)),
            events.Select(found => found.GetProperty("timestamp").GetDateTimeOffset()));
        Assert.Equal(
            Enumerable.Range(1, 60),
            events.Select(found => found.GetProperty("frame").GetProperty("sequence").GetInt32()));
        var persons = events.Select(found => found.GetProperty("persons_detected").GetInt32()).ToArray();
        Assert.All(persons[..8], count => Assert.Equal(0, count));
        Assert.All(persons[20..38], count => Assert.Equal(1, count));
        Assert.All(persons[52..], count => Assert.Equal(0, count));
        Assert.All(events[20..38], found => Assert.Equal(1, found.GetProperty("poses").GetArrayLength()));

        // A face that may well be none, by its score, has no track by itself; the others have one and the same.
        long?[] tracks = [.. events.SelectMany(found => found.GetProperty("faces").EnumerateArray()).Select(face =>
            face.TryGetProperty("track_id", out var track) ? track.GetInt64() : (long?)null)];
        Assert.InRange(tracks.Count(track => track == 1), tracks.Length * 0.7, tracks.Length);
        Assert.DoesNotContain(tracks, track => track > 1);

        var lines = await File.ReadAllLinesAsync(_folder.File("events.csv"));
        Assert.Equal("second,timestamp,frames,persons_mean,persons_max", lines[0]);
        Assert.Equal("0,2026-03-01T12:00:00Z,10,0,0", lines[1]);
        Assert.Equal("2,2026-03-01T12:00:02Z,10,1,1", lines[3]);
        Assert.Equal(7, lines.Length);
        Assert.Matches("""0:00:02 +1\.00 +1  █{40}\n""", done.Output);
        Assert.Matches("60 frames in .* times as fast as they are shown", done.Output);
        Assert.Equal(
            [_folder.File("events.csv"), Events, Video],
            Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_found_in_a_frame_is_what_the_edge_finds_in_the_same_picture()
    {
        await FakeCamera.FfmpegAsync(
            "-loop", "1", "-i", Photo.AstronautFile, "-frames:v", "2", "-c:v", "png", _folder.File("photo.mkv"));
        using var edge = new EdgeApplication(
            "127.0.0.1:1", new Dictionary<string, string?> { ["Edge:Frames:FrameFile"] = "" });
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var found = await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync();

        var done = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("edgecloud", "analyse", _folder.File("photo.mkv"), "--out", Events));

        Assert.True(done.ExitCode == 0, done.Text);
        var first = (await ReadEventsAsync())[0];
        foreach (var member in new[] { "conf", "xmin", "ymin", "width", "height" })
            Assert.Equal(Number(found, "faces", member), Number(first, "faces", member), 0.01);
        Assert.Equal(Number(found, "poses", "conf"), Number(first, "poses", "conf"), 0.01);

        static double Number(JsonElement detection, string list, string member) =>
            Assert.Single(detection.GetProperty(list).EnumerateArray()).GetProperty(member).GetDouble();
    }

    [Fact]
    public async Task Fewer_frames_are_looked_at_when_asked_and_keep_their_times()
    {
        await WalkThroughAsync();

        var done = await AnalyseAsync("--out", Events, "--fps", "2", "--csv", _folder.File("persons.txt"));

        Assert.True(done.ExitCode == 0, done.Text);
        Assert.Equal(
            Enumerable.Range(0, 12).Select(half => DateTimeOffset.UnixEpoch.AddSeconds(half / 2.0)),
            (await ReadEventsAsync()).Select(found => found.GetProperty("timestamp").GetDateTimeOffset()));
        Assert.Equal(7, (await File.ReadAllLinesAsync(_folder.File("persons.txt"))).Length);
    }

    [Fact]
    public async Task A_phones_video_that_lies_on_its_side_is_looked_at_upright()
    {
        await WalkThroughAsync();
        await FakeCamera.FfmpegAsync(
            "-i", Video, "-vf", "transpose=1", "-frames:v", "30", "-c:v", "mpeg4", _folder.File("side.mp4"));
        await FakeCamera.FfmpegAsync(
            "-i", _folder.File("side.mp4"), "-c", "copy", "-metadata:s:v", "rotate=90", _folder.File("turned.mp4"));

        var done = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("edgecloud", "analyse", _folder.File("turned.mp4"), "--out", Events));

        Assert.True(done.ExitCode == 0, done.Text);
        var frame = (await ReadEventsAsync())[^1];
        Assert.Equal(640, frame.GetProperty("frame").GetProperty("width").GetInt32());
        Assert.Equal(1, frame.GetProperty("persons_detected").GetInt32());
    }

    [Fact]
    public async Task What_is_no_video_is_told_and_leaves_no_events()
    {
        var notes = _folder.File("notes.mp4");
        await File.WriteAllTextAsync(notes, "Not a video.");

        var done = await ChildProcess.RunAsync(ChildProcess.Dotnet("edgecloud", "analyse", notes, "--out", Events));

        Assert.Equal(1, done.ExitCode);
        Assert.StartsWith("Not analysed. ", done.Error, StringComparison.Ordinal);
        Assert.Contains("notes.mp4", done.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Events));
    }

    [Fact]
    public async Task A_video_that_is_damaged_is_analysed_as_far_as_it_can_be_decoded_and_that_is_told()
    {
        var whole = _folder.File("whole.mkv");
        await WalkThroughAsync();
        await FakeCamera.FfmpegAsync("-i", Video, "-c:v", "png", whole);
        var bytes = await File.ReadAllBytesAsync(whole);
        new Random(1).NextBytes(bytes.AsSpan(bytes.Length / 2, 4096));
        await File.WriteAllBytesAsync(_folder.File("damaged.mkv"), bytes);

        var done = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("edgecloud", "analyse", _folder.File("damaged.mkv"), "--out", Events));

        Assert.True(done.ExitCode == 0, done.Text);
        Assert.StartsWith("Not all of the video can be decoded: ", done.Error, StringComparison.Ordinal);
        Assert.InRange((await ReadEventsAsync()).Length, 30, 59);
    }

    [Theory]
    [InlineData("walk.mp4", "persons.csv")]
    [InlineData("events.jsonl", "events.jsonl")]
    [InlineData("events.csv", null)]
    public async Task No_file_is_written_over_the_video_or_over_another(string events, string? csv)
    {
        await WalkThroughAsync();
        string[] persons = csv is null ? [] : ["--csv", _folder.File(csv)];

        var done = await AnalyseAsync(["--out", _folder.File(events), .. persons]);

        Assert.Equal((1, "Not analysed. The video, --out and --csv must be different files.\n"),
            (done.ExitCode, done.Error));
        Assert.Equal([Video], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Without_ffmpeg_it_says_what_to_install()
    {
        await WalkThroughAsync();

        var done = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("edgecloud", "analyse", Video),
            environment: new Dictionary<string, string?> { ["PATH"] = _folder.Path });

        Assert.Equal(1, done.ExitCode);
        Assert.Contains("Install the package ffmpeg", done.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_has_two_dozen_lines_at_most_and_the_CSV_one_for_each_second_with_frames()
    {
        var persons = new PersonsOverTime();
        for (var second = 0; second < 7200; second++)
        {
            if (second is < 600 or >= 1200)
                persons.Add(TimeSpan.FromSeconds(second + 0.25), second == 3000 ? 4 : second % 2);
        }

        var text = persons.Text().TrimEnd().Split('\n');
        Assert.Equal(1 + 22 + 1, text.Length);
        Assert.Equal("   0:00:00   0.50      1  █████", text[1]);
        Assert.Equal("   0:20:00   0.50      1  █████", text[3]);
        Assert.Equal("Somebody in 50 % of the frames; at most 4 at once, first at 0:50:00.250.", text[^1]);
        var csv = persons.Csv(Beginning).TrimEnd().Split('\n');
        Assert.Equal(1 + 6600, csv.Length);
        Assert.Equal("3000,2026-03-01T12:50:00Z,1,4,4", csv[1 + 3000 - 600]);
    }

    [Fact]
    public void Nobody_and_nothing_are_told_apart()
    {
        var persons = new PersonsOverTime();
        Assert.Equal("No frames.\n", persons.Text());

        persons.Add(TimeSpan.Zero, 0);

        Assert.EndsWith("Nobody was seen.\n", persons.Text(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Six seconds at ten frames a second, in which the photo passes from left to right: its face is in the picture
    /// from about 1.2 s to 4.7 s.
    /// </summary>
    private Task WalkThroughAsync(params string[] more) => FakeCamera.FfmpegAsync(
    [
        "-f", "lavfi", "-i", "color=gray:s=640x480:r=10:d=6", "-loop", "1", "-t", "6", "-i", Photo.AstronautFile,
        "-filter_complex", "[1]scale=320:-1[p];[0][p]overlay=x='-340+180*t':y=100:shortest=1", "-r", "10",
        "-c:v", "mpeg4", "-q:v", "2", .. more, Video,
    ]);

    private Task<Finished> AnalyseAsync(params string[] options) =>
        ChildProcess.RunAsync(ChildProcess.Dotnet("edgecloud", ["analyse", Video, .. options]));

    /// <returns>Each of them an event that a server takes.</returns>
    private async Task<JsonElement[]> ReadEventsAsync()
    {
        var lines = await File.ReadAllLinesAsync(Events);
        Assert.All(lines, line => Assert.True(
            DetectionEventJson.TrySummarize(Encoding.UTF8.GetBytes(line), out _, out var reason), reason));
        return [.. lines.Select(line => JsonElement.Parse(line))];
    }
}
