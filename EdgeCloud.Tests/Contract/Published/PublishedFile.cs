using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>A document that a service serves, and that is checked in below docs/ for whoever has no service.</summary>
internal static class PublishedFile
{
    /// <summary>Set to 1, the files are written, and then compared with themselves.</summary>
    private const string WriteVariable = "EDGECLOUD_WRITE_CONTRACT";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Path(string name) =>
        System.IO.Path.Combine(Repository.Root, "docs", "contract", name);

    /// <summary>Compares the file with what is served.</summary>
    public static async Task CheckAsync(string name, string served)
    {
        var wanted = JsonNode.Parse(served)!.ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
            await File.WriteAllTextAsync(Path(name), wanted);
        }

        Assert.Equal(wanted, (await File.ReadAllTextAsync(Path(name))).ReplaceLineEndings("\n"));
    }
}
