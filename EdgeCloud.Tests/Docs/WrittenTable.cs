namespace EdgeCloud.Tests.Docs;

/// <summary>A table of a checked-in document that is written from the code.</summary>
internal static class WrittenTable
{
    /// <summary>Compares the table with what it should be; where the variable is 1, writes it before.</summary>
    /// <param name="file">The document.</param>
    /// <param name="head">The table's first line, which the document has once.</param>
    /// <param name="rows">The lines that belong under it.</param>
    /// <param name="writeVariable">An environment variable.</param>
    public static async Task CheckAsync(string file, string head, IEnumerable<string> rows, string writeVariable)
    {
        var text = await TextAsync(file);
        var start = text.IndexOf($"{head}\n", StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        var rule = string.Concat(Enumerable.Repeat("|---", head.Count(sign => sign == '|') - 1)) + "|";
        var wanted = $"{text[..start]}{string.Join('\n', [head, rule, .. rows])}\n{text[end..]}";
        if (Environment.GetEnvironmentVariable(writeVariable) == "1")
            await File.WriteAllTextAsync(file, wanted);

        Assert.Equal(wanted, await TextAsync(file));
    }

    private static async Task<string> TextAsync(string file) =>
        (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");
}
