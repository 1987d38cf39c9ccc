namespace EdgeCloud.Cli;

/// <summary>The checkout this tool was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>A JPEG with one face in it.</summary>
    public static string TestPhoto => Path.Combine(Root, "EdgeCloud.Tests", "Photos", "astronaut.jpg");

    private static string Find()
    {
        for (var directory = new DirectoryInfo(
            AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "EdgeCloud.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"EdgeCloud.sln was not found above {AppContext.BaseDirectory}; "
            + "run this tool from a checkout, with ./edgecloud.");
    }
}
