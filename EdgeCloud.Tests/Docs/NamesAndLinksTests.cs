using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Docs;

public sealed partial class NamesAndLinksTests
{
    private static readonly HashSet<string> Keys =
        ["ConnectionStrings:kafka", "ConnectionStrings:history", .. Setting.All.Select(setting => setting.Key)];

    public static TheoryData<string> Documents => [.. Repository.Files("md")];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_setting_that_is_named_is_one_that_a_service_reads(string document)
    {
        var named = Key().Matches(Text(document))
            .Select(match => match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal));
        Assert.Subset(Keys, named.ToHashSet());
    }

    [Fact]
    public void Links_lead_to_files_that_there_are()
    {
        var links =
            (from document in Repository.Files("md")
             let folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!
             from link in Link().Matches(Text(document))
             select Path.GetFullPath(link.Groups[1].Value, folder)).ToArray();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(link), $"{link} is not there."));
    }

    private static string Text(string document) => File.ReadAllText(Path.Combine(Repository.Root, document));

    [GeneratedRegex(@"`((?:Edge|Server|Http|Carbon|ConnectionStrings)(?::|__)\w+(?:(?::|__)\w+){0,2})")]
    private static partial Regex Key();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)")]
    private static partial Regex Link();
}
