using Aspire.Hosting.ApplicationModel;

namespace EdgeCloud.Tests.AppHost;

public sealed class HistoryEngineTests
{
    private const string Variable = "ConnectionStrings__history";

    [Theory]
    [InlineData()]
    [InlineData("--History:Engine=sqlite")]
    public async Task Without_being_asked_the_server_keeps_a_file_of_its_own(params string[] arguments)
    {
        var builder = await Topology.OfAsync(["--Containers=on", .. arguments]);

        Assert.Empty(builder.Resources.OfType<PostgresServerResource>());
        Assert.DoesNotContain(Variable, await builder.EnvironmentAsync(builder.Named("server")));
    }

    [Fact]
    public async Task One_setting_makes_it_a_PostgreSQL_whose_data_outlive_the_container()
    {
        var builder = await Topology.OfAsync("--Containers=on", "--History:Engine=Postgres");
        var postgres = Assert.Single(builder.Resources.OfType<PostgresServerResource>());
        var server = builder.Named("server");

        var volume = Assert.Single(postgres.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal(("edgecloud-postgres", ContainerMountType.Volume), (volume.Source, volume.Type));
        Assert.Equal("{history.connectionString}", (await builder.EnvironmentAsync(server))[Variable]);
        Assert.Contains(server.Annotations.OfType<WaitAnnotation>(), wait => wait.Resource.Name == "history");

        // The password that Aspire makes up is another each time, and the volume would know the first alone.
        Assert.Equal("trust", (await builder.EnvironmentAsync(postgres))["POSTGRES_HOST_AUTH_METHOD"]);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task A_connection_string_is_used_and_no_PostgreSQL_started(string containers)
    {
        var builder = await Topology.OfAsync(
            $"--Containers={containers}", "--History:Engine=Postgres", "--ConnectionStrings:history=Host=db.example");

        Assert.Empty(builder.Resources.OfType<PostgresServerResource>());
        Assert.Equal("{history.connectionString}", (await builder.EnvironmentAsync(builder.Named("server")))[Variable]);
    }
}
