namespace EdgeCloud.Tests.Docs;

/// <summary>
/// The tables of docs/settings.md. The last column is written there, all others come from the options classes.
/// </summary>
public sealed class SettingsTableTests
{
    /// <summary>Set to 1, the tables are written, and then compared with themselves.</summary>
    private const string WriteVariable = "EDGECLOUD_WRITE_SETTINGS";

    /// <summary>Five, and what is before the first and after the last bar.</summary>
    private const int CellsOfARow = 7;

    private static readonly string Document = Path.Combine(Repository.Root, "docs", "settings.md");

    [Theory]
    [InlineData("the edge")]
    [InlineData("the server")]
    [InlineData("both services")]
    public async Task The_checked_in_table_is_what_the_options_classes_say(string owner)
    {
        var meanings = File.ReadLines(Document)
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length == CellsOfARow)
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[^2]);
        var settings = Setting.All.Where(setting => setting.Owner == owner).ToArray();

        await WrittenTable.CheckAsync(
            Document,
            $"| setting of {owner} | type | default | bounds | meaning |",
            settings.Select(setting => setting.Row(meanings.GetValueOrDefault(setting.Key, ""))),
            WriteVariable);
        Assert.All(settings, setting => Assert.NotEmpty(meanings.GetValueOrDefault(setting.Key, "")));
    }
}
