namespace EdgeCloud.Tests.Deployment;

/// <summary>eng/pin-images.sh, with a docker that answers as the test says.</summary>
public sealed class PinnedImagesTests : IDisposable
{
    private const string Pinned = "docker.io/apache/kafka:4.1.0@sha256:";
    private static readonly string Old = new('a', 64);
    private static readonly string New = new('b', 64);

    private readonly TemporaryFolder _folder = new();

    public PinnedImagesTests()
    {
        foreach (var folder in (string[])["eng", "kafka-compose", "bin"])
            Directory.CreateDirectory(_folder.File(folder));
        File.Copy(Path.Combine(Repository.Root, "eng", "pin-images.sh"), _folder.File("eng/pin-images.sh"));
        File.WriteAllText(_folder.File("kafka-compose/docker-compose.yaml"), $"image: {Pinned}{Old}\n");
        File.WriteAllText(_folder.File("Kafka.cs"), $"    \"4.1.0@sha256:{Old}\";\n");
    }

    [Fact]
    public async Task A_tags_new_digest_replaces_the_old_one_wherever_it_stands()
    {
        var (exitCode, output) = await RunAsync($"echo sha256:{New}");

        Assert.Equal((0, $"docker.io/apache/kafka:4.1.0: sha256:{New}\n"), (exitCode, output));
        Assert.Equal($"image: {Pinned}{New}\n", File.ReadAllText(_folder.File("kafka-compose/docker-compose.yaml")));
        Assert.Equal($"    \"4.1.0@sha256:{New}\";\n", File.ReadAllText(_folder.File("Kafka.cs")));
        Assert.Equal(
            "buildx imagetools inspect docker.io/apache/kafka:4.1.0 --format {{.Manifest.Digest}}\n",
            File.ReadAllText(_folder.File("calls")));
    }

    [Fact]
    public async Task A_check_names_what_cannot_be_had_and_changes_nothing()
    {
        Assert.Equal((0, ""), await RunAsync("exit 0", "--check"));
        Assert.Equal((1, $"{Pinned}{Old} cannot be had.\n"), await RunAsync("exit 1", "--check"));
        Assert.Equal($"image: {Pinned}{Old}\n", File.ReadAllText(_folder.File("kafka-compose/docker-compose.yaml")));
        Assert.EndsWith(
            $"inspect docker.io/apache/kafka@sha256:{Old}\n", File.ReadAllText(_folder.File("calls")),
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int ExitCode, string Output)> RunAsync(string answer, params string[] arguments)
    {
        var docker = _folder.File("bin/docker");
        File.WriteAllText(docker, $"#!/bin/bash\necho \"$*\" >> '{_folder.File("calls")}'\n{answer}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var run = await ChildProcess.RunAsync(
            ["bash", _folder.File("eng/pin-images.sh"), .. arguments],
            environment: new Dictionary<string, string?>
            {
                ["PATH"] = $"{_folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            });
        return (run.ExitCode, run.Text);
    }
}
