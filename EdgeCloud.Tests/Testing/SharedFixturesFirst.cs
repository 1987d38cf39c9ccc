using Xunit.Abstractions;

[assembly: TestCollectionOrderer("EdgeCloud.Tests.Testing.SharedFixturesFirst", "EdgeCloud.Tests")]

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// Starts the collections of several classes, which take longest, before all others; one that came up late would run
/// alone at the end.
/// </summary>
public sealed class SharedFixturesFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => collection.CollectionDefinition is null);
}
