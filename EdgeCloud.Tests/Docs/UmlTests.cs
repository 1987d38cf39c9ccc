using System.IO.Compression;
using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Docs;

/// <summary>docs/uml: the diagrams, and the pictures that PlantUML draws of them (eng/render-uml.mjs).</summary>
public sealed partial class UmlTests
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "uml");

    /// <summary>PlantUML notes in a picture what it was drawn from, but for the first and the last line.</summary>
    [Fact]
    public void Every_picture_was_drawn_from_its_diagram()
    {
        var sources = Directory.GetFiles(Folder, "*.puml");
        Assert.Equal(
            ["component", "deployment", "sequence-frame-to-dashboard", "state-outbox"],
            sources.Select(Path.GetFileNameWithoutExtension).Order());
        Assert.All(sources, source => Assert.Equal(
            string.Join('\n', File.ReadAllText(source).Trim().Split('\n')[1..^1]),
            Decode(Source().Match(File.ReadAllText(Path.ChangeExtension(source, ".svg"))).Groups[1].Value)));
    }

    [NightlyFact]
    public async Task Every_diagram_is_PlantUML_and_its_picture_is_drawn_from_it() =>
        Assert.Equal("", await CheckAsync(Directory.GetFiles(Folder, "*.puml")));

    [NightlyFact]
    public async Task What_is_no_PlantUML_and_a_picture_of_another_source_are_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("broken.puml"), "@startuml\nAlice -> Bob\nAlice ->-> nobody (\n@enduml\n");
        File.WriteAllText(folder.File("changed.puml"), "@startuml\nAlice -> Carol\n@enduml\n");
        File.Copy(Path.Combine(Folder, "component.svg"), folder.File("changed.svg"));

        var problems = (await CheckAsync([folder.File("broken.puml"), folder.File("changed.puml")])).Split('\n');

        Assert.StartsWith($"{folder.File("broken.puml")}:3: ", problems[0], StringComparison.Ordinal);
        Assert.StartsWith(
            $"{folder.File("changed.puml")}: {folder.File("changed.svg")} is not its picture", problems[1],
            StringComparison.Ordinal);
    }

    private static async Task<string> CheckAsync(string[] sources)
    {
        var script = Path.Combine(Repository.Root, "eng", "render-uml.mjs");
        var render = await ChildProcess.RunAsync(["node", script, "--check", .. sources]);
        Assert.Equal("", render.Error);
        Assert.Equal(render.Output.Length == 0 ? 0 : 1, render.ExitCode);
        return render.Output;
    }

    /// <summary>
    /// The text as PlantUML writes it into addresses and pictures: deflated, three bytes as four digits of 64.
    /// </summary>
    private static string Decode(string text)
    {
        var bytes = text.Chunk(4).SelectMany(four =>
        {
            var bits = four.Select(digit => Digits.IndexOf(digit, StringComparison.Ordinal))
                .Concat(Enumerable.Repeat(0, 4 - four.Length)).Aggregate((sum, digit) => (sum << 6) | digit);
            return (byte[])[(byte)(bits >> 16), (byte)(bits >> 8), (byte)bits];
        });
        using var inflated = new DeflateStream(new MemoryStream([.. bytes]), CompressionMode.Decompress);
        return new StreamReader(inflated).ReadToEnd();
    }

    [GeneratedRegex(@"<\?plantuml-src ([^?]+)\?>")]
    private static partial Regex Source();
}
