using System.CommandLine;
using EdgeCloud.Cli.Deployment;

namespace EdgeCloud.Cli.Commands;

/// <summary>The options that say how images are built.</summary>
internal sealed class ImageOptions
{
    private readonly Option<Builder> _builder = new("--builder")
    {
        Description = "What builds the images; auto takes docker, or podman where docker does not answer",
    };
    private readonly Option<FileInfo> _nuGetConfig = new("--nuget-config")
    {
        Description = "A NuGet.Config for the build, which stays out of the images",
        HelpName = "file",
    };
    private readonly Option<FileInfo> _npmrc =
        new("--npmrc") { Description = "An .npmrc for the build, which stays out of the images", HelpName = "file" };

    public ImageOptions()
    {
        _nuGetConfig.AcceptExistingOnly();
        _npmrc.AcceptExistingOnly();
    }

    public Option<string> Context { get; } = Contexts.Option();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_builder, _nuGetConfig, _npmrc, Context])
            command.Add(option);
    }

    public Builder Builder(ParseResult parsed) => parsed.GetValue(_builder);

    public ImageFeed Feed(ParseResult parsed) => new(parsed.GetValue(_nuGetConfig), parsed.GetValue(_npmrc));
}
