using System.Reflection;

namespace EdgeCloud.Tests.Testing;

/// <summary>The checkout the tests were built from.</summary>
internal static class Repository
{
    private static readonly HashSet<string> NotOurs = ["bin", "obj", "node_modules", "artifacts", "TestResults"];

    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>A file, or a folder, of the npm packages that the build has restored.</summary>
    public static string NodeModule(params ReadOnlySpan<string> path) =>
        Path.Combine([Root, "eng", "node_modules", .. path]);

    /// <returns>The files of ours with this ending, relative to the root.</returns>
    public static IEnumerable<string> Files(string ending) => Files(new DirectoryInfo(Root), $"*.{ending}");

    private static IEnumerable<string> Files(DirectoryInfo folder, string pattern) =>
    [
        .. folder.EnumerateFiles(pattern).Select(file => Path.GetRelativePath(Root, file.FullName)),
        .. folder.EnumerateDirectories()
            .Where(inner => !NotOurs.Contains(inner.Name) && !inner.Name.StartsWith('.'))
            .SelectMany(inner => Files(inner, pattern)),
    ];
}
