using System.Reflection;

namespace EdgeCloud.Tests.Testing;

/// <summary>The checkout the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>A file, or a folder, of the npm packages that the build has restored.</summary>
    public static string NodeModule(params ReadOnlySpan<string> path) =>
        Path.Combine([Root, "eng", "node_modules", .. path]);
}
