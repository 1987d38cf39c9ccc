using EdgeCloud.AppHost;
using Microsoft.Extensions.Configuration;

namespace EdgeCloud.Tests.AppHost;

public sealed class ContainerRuntimeTests
{
    [Theory]
    [InlineData("on", true)]
    [InlineData("OFF", false)]
    public void The_switch_decides(string value, bool expected) =>
        Assert.Equal(expected, ContainerRuntime.IsWanted(Configured(value)));

    [Fact]
    public void Another_value_is_refused_with_the_key_and_the_choices()
    {
        var exception = Assert.Throws<SetupException>(() => ContainerRuntime.IsWanted(Configured("perhaps")));
        Assert.Contains("Containers is 'perhaps'", exception.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configured(string value) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Containers"] = value }).Build();
}
