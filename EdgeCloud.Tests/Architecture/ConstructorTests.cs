using System.Reflection;

namespace EdgeCloud.Tests.Architecture;

/// <summary>What a class is given. What travels together is a record, and what needs more is several classes.</summary>
public sealed class ConstructorTests
{
    private const int MaxParameters = 6;

    [Theory]
    [InlineData("EdgeCloud.Server")]
    public void A_class_is_given_at_most_six_things(string project) => Assert.Empty(
        from type in Assembly.Load(project).GetTypes()
        where type.GetMethod("<Clone>$") is null && !type.IsValueType
        from constructor in type.GetConstructors(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        where constructor.GetParameters().Length > MaxParameters
        select $"{type} {constructor.GetParameters().Length}");
}
