namespace EdgeCloud.Tests.Browser;

/// <summary>The tests of the camera page on an edge that answers as they say: one browser for all of them.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<FakeCamera>
{
    public const string Name = "browser";
}
