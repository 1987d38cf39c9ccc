using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgeCloud.Tests.Deployment;

/// <summary>docker/, as far as it can be held without building an image.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData("edge", 9001)]
    [InlineData("server", 9002)]
    public void An_image_listens_on_its_services_port_as_nobodys_root(string service, int port)
    {
        var stage = Stages(service)[^1];
        Assert.Contains("\nUSER $APP_UID\n", stage, StringComparison.Ordinal);
        Assert.Contains($"ASPNETCORE_HTTP_PORTS={port}", stage, StringComparison.Ordinal);
        Assert.Contains($"\nEXPOSE {port}\n", stage, StringComparison.Ordinal);
        Assert.DoesNotContain("RUN", stage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edge")]
    [InlineData("server")]
    public void It_is_the_image_without_a_shell_and_installs_nothing_by_a_package_manager(string service)
    {
        Assert.StartsWith(
            "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled@sha256:", Stages(service)[^1],
            StringComparison.Ordinal);
        Assert.DoesNotContain("apt", Stages(service)[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edge")]
    [InlineData("server")]
    public void Every_base_is_pinned_by_digest_and_no_feed_or_its_credentials_stay_in_the_image(string service)
    {
        var text = Dockerfile(service);
        Assert.All(Regex.Matches(text, "^FROM (\\S+)", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value).Where(image => image.Contains('/', StringComparison.Ordinal)),
            image => Assert.Matches(@":\d+[\w.-]+@sha256:[0-9a-f]{64}$", image));
        Assert.Contains("--mount=type=secret,id=nuget,", text, StringComparison.Ordinal);
        Assert.Contains("--mount=type=secret,id=npm,", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)COPY [^\n]*(nuget\\.config|\\.npmrc)", text);
    }

    [Fact]
    public void The_edges_image_has_ffmpeg_of_a_stage_of_its_own() =>
        Assert.Contains("\nCOPY --from=ffmpeg /ffmpeg /usr\n", Stages("edge")[^1], StringComparison.Ordinal);

    [Theory]
    [InlineData("edge", "Edge__Events__OutboxPath=")]
    [InlineData("server", "ConnectionStrings__history=\"Data Source=")]
    public void What_a_service_writes_is_in_a_volume_of_its_user(string service, string setting)
    {
        var stage = Stages(service)[^1];
        var folder = Path.GetDirectoryName(Regex.Match(stage, $@"{setting}([^\s""]+)").Groups[1].Value)!;
        Assert.Contains($"\nVOLUME {folder}\n", stage, StringComparison.Ordinal);
        Assert.Matches($@"\nCOPY --from=build --chown=\$APP_UID:\$APP_UID \S+ {folder}\n", stage);
    }

    [Theory]
    [InlineData("EdgeCloud.Edge")]
    [InlineData("EdgeCloud.Server")]
    public void Every_folder_that_a_service_is_built_from_is_in_the_context(string project)
    {
        var allowed = File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore"))
            .Where(line => line.StartsWith("!/", StringComparison.Ordinal)).Select(line => line[2..]).ToArray();
        Assert.All(Folders(Path.Combine(project, project + ".csproj")), folder => Assert.Contains(
            allowed, entry => folder == entry || folder.StartsWith(entry + "/", StringComparison.Ordinal)));
    }

    /// <summary>
    /// The folders of a project and of all that its file, or a file that it imports, refers to; relative
    /// to the repository's root.
    /// </summary>
    private static HashSet<string> Folders(string file)
    {
        var (folders, left, seen) = (new HashSet<string>(), new Stack<string>([file]), new HashSet<string>());
        while (left.TryPop(out var next))
        {
            if (!seen.Add(next))
                continue;
            var folder = Path.GetDirectoryName(next)!;
            folders.Add(folder);
            foreach (var path in XDocument.Load(Path.Combine(Repository.Root, next)).Descendants().SelectMany(Paths))
            {
                var resolved = Path.GetRelativePath(Repository.Root, Path.GetFullPath(
                    path.Replace("$(RepositoryRoot)", Repository.Root, StringComparison.Ordinal),
                    Path.Combine(Repository.Root, folder)));
                if (resolved.EndsWith("proj", StringComparison.Ordinal)
                    || resolved.EndsWith(".props", StringComparison.Ordinal)
                    || resolved.EndsWith(".targets", StringComparison.Ordinal))
                    left.Push(resolved);
                else
                    folders.Add(Path.GetDirectoryName(resolved)!);
            }
        }

        return folders;
    }

    private static IEnumerable<string> Paths(XElement element) => element.Name.LocalName switch
    {
        "Import" when element.Attribute("Sdk") is null => [element.Attribute("Project")!.Value],
        "ProjectReference" or "Content" when element.Attribute("Include") is { } include =>
            include.Value.Split(';').Where(path => !path.StartsWith('@')),
        _ => [],
    };

    private static string Dockerfile(string service) =>
        "\n" + File.ReadAllText(Path.Combine(Repository.Root, "docker", $"Dockerfile.{service}"));

    private static string[] Stages(string service) => Dockerfile(service).Split("\nFROM ");
}
