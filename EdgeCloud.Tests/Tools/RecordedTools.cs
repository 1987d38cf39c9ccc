using System.Text;

namespace EdgeCloud.Tests.Tools;

/// <summary>
/// Programs that do nothing but write down how they were called and answer as the test says, and a command line that
/// finds no others. Each call is a line: the program's name and its arguments.
/// </summary>
internal sealed class RecordedTools : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, StringBuilder> _answers = [];
    private readonly Dictionary<string, string?> _variables = [];

    /// <summary>
    /// A clean checkout, docker that answers, and a cluster that is not running yet and then has two workloads and each
    /// image that was built.
    /// </summary>
    public RecordedTools()
    {
        foreach (var program in (string[])["git", "docker", "podman", "minikube", "kubectl", "xdg-open"])
            _answers[program] = new StringBuilder();
        On("git", "log *", "echo 0123456789abcdef0123456789abcdef01234567 1767225600");
        On("minikube", "status *", "exit 85");
        On(
            "kubectl", "* get deployments,statefulsets --output name",
            @"printf 'deployment.apps/edge\nstatefulset.apps/kafka\n'");
        On("kubectl", "* port-forward *", "echo Forwarding from 127.0.0.1:9; read -r -t 30 <> <(:)");
        On(
            "minikube", "image ls *",
            "while read -r call; do [[ $call =~ --tag\\ ([^ ]+) ]] && echo \"${BASH_REMATCH[1]}\"; done "
            + "< \"${0%/*}/calls\"; exit 0");
        On("docker", "save *", "> \"$3\"").On("podman", "save *", "> \"$3\"");
        On("podman", "info", "exit 1");
    }

    public string[] Calls => File.Exists(Record) ? [.. File.ReadAllLines(Record)
        .Select(line => line.Replace(Path.GetTempPath(), "/tmp/", StringComparison.Ordinal))] : [];

    /// <summary>The calls that do something to a cluster or an image; the rest only ask.</summary>
    public string[] Deeds => [.. Calls.Where(call => !call.StartsWith("git ", StringComparison.Ordinal)
        && !call.EndsWith(" info", StringComparison.Ordinal)
        && !call.StartsWith("minikube status", StringComparison.Ordinal)
        && !call.StartsWith("minikube image ls", StringComparison.Ordinal)
        && !call.Contains(" get ", StringComparison.Ordinal))];

    /// <summary>What kubectl apply got.</summary>
    public string Applied => File.ReadAllText(_folder.File("applied"));

    private string Record => _folder.File("calls");

    /// <summary>
    /// Lets a program answer with a line of bash when its arguments match a pattern of bash's;
    /// the newest answer counts.
    /// </summary>
    public RecordedTools On(string program, string arguments, string answer)
    {
        if (!_answers.TryGetValue(program, out var answers))
            _answers[program] = answers = new StringBuilder();
        answers.Insert(0, $"  {arguments.Replace(" ", "\\ ", StringComparison.Ordinal)}) {answer} ;;\n");
        return this;
    }

    public RecordedTools With(string variable, string value)
    {
        _variables[variable] = value;
        return this;
    }

    public RecordedTools Without(string program)
    {
        _answers.Remove(program);
        return this;
    }

    /// <summary>Manifests as far as the command line looks at them.</summary>
    public string Manifests(params string[] images)
    {
        var directory = Directory.CreateDirectory(_folder.File("manifests"));
        File.WriteAllText(Path.Combine(directory.FullName, "00-namespace.yaml"), "kind: Namespace\n");
        for (var i = 0; i < images.Length; i++)
            File.WriteAllText(
                Path.Combine(directory.FullName, $"workload-{i}.yaml"),
                $"kind: Deployment\nspec:\n  - image: \"{images[i]}\"\n    name: x\n");
        return directory.FullName;
    }

    /// <summary>Runs <c>./edgecloud</c> with the given arguments to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var ended = await process.EndAsync();
        return (ended.ExitCode, ended.Text);
    }

    public ChildProcess Start(params string[] arguments)
    {
        foreach (var (program, answers) in _answers)
        {
            var file = _folder.File(program);
            File.WriteAllText(file,
                $"""
                #!/bin/bash
                echo "{program} $*" >> '{Record}'
                if [[ "$*" = *" apply "* ]]; then printf '%s' "$(</dev/stdin)" > '{_folder.File("applied")}'; fi
                case "$*" in
                {answers}esac
                """);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return ChildProcess.Start(
            ChildProcess.FromTerminal("edgecloud", arguments),
            new Dictionary<string, string?>(_variables) { ["PATH"] = _folder.Path });
    }

    public void Dispose() => _folder.Dispose();
}
