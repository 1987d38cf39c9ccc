namespace EdgeCloud.Tests.Architecture;

public sealed class LineLengthTests
{
    private const int MaxLength = 120;

    [Theory]
    [InlineData("cs")]
    [InlineData("js")]
    [InlineData("mjs")]
    public void Lines_of_code_are_at_most_120_characters_long(string ending) => Assert.Empty(
        from file in Repository.Files(ending)
        from line in File.ReadLines(Path.Combine(Repository.Root, file)).Index()
        where line.Item.Length > MaxLength
        select $"{file}:{line.Index + 1}");
}
