namespace EdgeCloud.Tests.Deployment;

public sealed class ShellScriptTests
{
    [Fact]
    public async Task Shellcheck_has_nothing_to_say_of_any_script()
    {
        string[] scripts = [.. Files(Repository.Root).Where(IsScript)];
        string[] some = ["edgecloud", "eng/system-packages.sh", "eng/pin-images.sh", ".ci/run"];
        Assert.Subset(scripts.ToHashSet(), some.Select(script => Path.Combine(Repository.Root, script)).ToHashSet());
        Assert.Equal("", await ShellcheckAsync(scripts));
    }

    [Fact]
    public async Task Nor_of_the_scripts_in_the_workflows()
    {
        using var folder = new TemporaryFolder();
        var files = WorkflowTests.Scripts().Select((script, index) =>
        {
            var file = folder.File($"step-{index}.sh");
            File.WriteAllText(file, $"#!/bin/bash\nset -e\n{script}\n");
            return file;
        }).ToArray();
        Assert.NotEmpty(files);
        Assert.Equal("", await ShellcheckAsync(files));
    }

    /// <summary>All that is not restored, built or Git's own.</summary>
    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder).Where(inner => Path.GetFileName(inner) is not (".git"
            or "bin" or "obj" or "node_modules" or "models" or "BenchmarkDotNet.Artifacts")).SelectMany(Files));

    private static bool IsScript(string file)
    {
        using var reader = new StreamReader(file);
        return reader.ReadLine() is { } first
            && first.StartsWith("#!", StringComparison.Ordinal) && first.EndsWith("sh", StringComparison.Ordinal);
    }

    private static async Task<string> ShellcheckAsync(string[] files) =>
        (await ChildProcess.RunAsync(["shellcheck", "--format", "gcc", .. files])).Text;
}
