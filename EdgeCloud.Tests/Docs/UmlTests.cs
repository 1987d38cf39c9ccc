namespace EdgeCloud.Tests.Docs;

/// <summary>docs/uml, read and drawn by PlantUML itself (eng/render-uml.mjs).</summary>
public sealed class UmlTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "uml");

    [Fact]
    public async Task Every_diagram_is_PlantUML_and_its_picture_is_drawn_from_it()
    {
        var sources = Directory.GetFiles(Folder, "*.puml");
        Assert.Equal(
            ["component", "deployment", "sequence-frame-to-dashboard", "state-outbox"],
            sources.Select(Path.GetFileNameWithoutExtension).Order());
        Assert.Equal("", await CheckAsync(sources));
    }

    [Fact]
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
}
