using System.Globalization;

namespace EdgeCloud.Cli.Deployment;

/// <summary>Which sources images are made of.</summary>
/// <param name="Commit">The commit's hash.</param>
/// <param name="CommittedAt">When it was made: the only date that goes into an image.</param>
/// <param name="Tag">The same for the same sources, another for others: the commit, and behind it, when the checkout
/// differs from it, the checkout's own content.</param>
internal sealed record SourceVersion(string Commit, DateTimeOffset CommittedAt, string Tag)
{
    private const int TagDigits = 12;

    public long Epoch => CommittedAt.ToUnixTimeSeconds();

    /// <exception cref="DeploymentException">This is no checkout of Git's.</exception>
    public static async Task<SourceVersion> ReadAsync(CancellationToken cancellationToken)
    {
        var head = (await Tool.Git.ReadAsync(["log", "-1", "--format=%H %ct"], cancellationToken)).Split(' ');
        var (commit, epoch) = (head[0], long.Parse(head[1], CultureInfo.InvariantCulture));
        var clean = await Tool.Git.ReadAsync(["status", "--porcelain"], cancellationToken) is "";
        var tag = commit[..TagDigits] + (clean ? "" : $"-{(await ContentAsync(cancellationToken))[..TagDigits]}");
        return new SourceVersion(commit, DateTimeOffset.FromUnixTimeSeconds(epoch), tag);
    }

    /// <summary>
    /// Git's hash of all files as they are now, new ones included; an index of our own leaves what is staged alone.
    /// </summary>
    private static async Task<string> ContentAsync(CancellationToken cancellationToken)
    {
        var index = Path.Combine(Directory.CreateTempSubdirectory("edgecloud-index-").FullName, "index");
        try
        {
            await Tool.Git.ReadAsync(["add", "--all"], cancellationToken, ("GIT_INDEX_FILE", index));
            return await Tool.Git.ReadAsync(["write-tree"], cancellationToken, ("GIT_INDEX_FILE", index));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(index)!, recursive: true);
        }
    }
}
