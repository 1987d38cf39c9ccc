using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace EdgeCloud.Tests.AppHost;

/// <summary>What the dashboard shows, by the model it is shown from.</summary>
public sealed class DashboardTests
{
    [Theory]
    [InlineData("on", "Container", "edge", "server", "kafka", "kafka-ui", "prometheus", "grafana")]
    [InlineData("off", "Embedded", "edge", "server", "kafka")]
    public async Task Every_resource_has_an_icon(string containers, string kafka, params string[] resources)
    {
        var builder = await Topology.OfAsync($"--Containers={containers}", $"--Kafka:Mode={kafka}");

        Assert.All(resources, name => Assert.Single(builder.Named(name).Annotations.OfType<ResourceIconAnnotation>()));
    }

    [Fact]
    public async Task What_belongs_to_another_resource_is_shown_below_it()
    {
        var builder = await Topology.OfAsync("--Containers=on");

        Assert.Equal("kafka", ParentOf(builder, "kafka-ui"));
        Assert.Equal("prometheus", ParentOf(builder, "grafana"));
    }

    [Theory]
    [InlineData("pose-model", "Edge__Inference__Pose", "Full", "edge")]
    [InlineData("face-range", "Edge__Inference__FaceRange", "Full", "edge")]
    [InlineData("carbon-location", "Carbon__Location", "FR", "edge", "server")]
    public async Task A_parameter_becomes_the_setting_of_the_services_that_have_it(
        string parameter, string variable, string value, params string[] services)
    {
        var builder =
            await Topology.OfAsync("--Containers=off", "--Kafka:Mode=Embedded", $"--Parameters:{parameter}={value}");

        foreach (var service in services)
            Assert.Equal(value, await VariableAsync(builder, service, variable));
    }

    [Fact]
    public async Task The_key_of_a_setting_still_sets_it_and_without_either_it_is_the_services_default()
    {
        var builder = await Topology.OfAsync("--Containers=off", "--Kafka:Mode=Embedded", "--Edge:Inference:Pose=Off");

        Assert.Equal("Off", await VariableAsync(builder, "edge", "Edge__Inference__Pose"));
        Assert.Equal("Both", await VariableAsync(builder, "edge", "Edge__Inference__FaceRange"));
        Assert.Equal("", await VariableAsync(builder, "edge", "Carbon__Location"));
    }

    [Fact]
    public async Task A_source_reaches_the_edge_and_its_address_is_masked()
    {
        var builder = await Topology.OfAsync(
            "--Containers=off", "--Kafka:Mode=Embedded", "--Edge:Sources:1:Url=rtsp://u:p@camera/x",
            "--Edge:Sources:1:Device=door");

        Assert.Equal("rtsp://u:p@camera/x", await VariableAsync(builder, "edge", "Edge__Sources__1__Url"));
        Assert.Equal("door", await VariableAsync(builder, "edge", "Edge__Sources__1__Device"));
        Assert.True(Parameter("source-1-url").Secret);
        Assert.False(Parameter("source-1-device").Secret);

        ParameterResource Parameter(string name) => (ParameterResource)builder.Named(name);
    }

    [Theory]
    [InlineData("--Phone=on", "true")]
    [InlineData("--Phone=off", null)]
    [InlineData("--Containers=off", null)]
    public async Task The_edge_listens_for_phones_from_the_start_on_only_where_that_is_asked_for(
        string argument, string? expected)
    {
        var builder = await Topology.OfAsync("--Containers=off", "--Kafka:Mode=Embedded", argument);

        var environment = await builder.EnvironmentAsync(builder.Named("edge"));
        Assert.Equal(expected, environment.GetValueOrDefault("Edge__Phone__Enabled"));
    }

    private static string ParentOf(IDistributedApplicationTestingBuilder builder, string name) =>
        builder.Named(name).Annotations.OfType<ResourceRelationshipAnnotation>()
            .Single(relationship => relationship.Type == "Parent").Resource.Name;

    private static async Task<string> VariableAsync(
        IDistributedApplicationTestingBuilder builder, string service, string variable) =>
        (await builder.EnvironmentAsync(builder.Named(service)))[variable];
}
