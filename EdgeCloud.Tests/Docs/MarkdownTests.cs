using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Docs;

/// <summary>How the documents are written: short lines, a short README, and no guarantee without a test.</summary>
public sealed partial class MarkdownTests
{
    private const int MaxLineLength = 120;
    private const int MaxReadmeWords = 900;

    public static TheoryData<string> Documents => [.. Repository.Files("md")];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Lines_are_short_tables_and_addresses_aside(string document)
    {
        var lines = Text(document).Split('\n').Where(line => !line.StartsWith('|'));
        Assert.All(lines, line => Assert.InRange(Address().Replace(line, "").Length, 0, MaxLineLength));
    }

    [Fact]
    public void The_README_is_read_in_three_minutes() =>
        Assert.InRange(Word().Count(Text("README.md")), 1, MaxReadmeWords);

    [Fact]
    public void Tests_that_a_guarantee_names_are_there()
    {
        var named = TestClass().Matches(Text("docs/guarantees.md")).Select(match => match.Value).ToHashSet();
        Assert.NotEmpty(named);
        Assert.Subset(typeof(MarkdownTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet(), named);
    }

    private static string Text(string document) => File.ReadAllText(Path.Combine(Repository.Root, document));

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\]\([^)]*\)|https?://\S+")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<=`)\w+Tests(?=`)")]
    private static partial Regex TestClass();
}
