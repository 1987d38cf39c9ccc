using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace EdgeCloud.Tests.StandIns.Aspire;

public sealed class EnvironmentContractTests
{
    [StandInFact(typeof(DistributedApplication))]
    public async Task A_referenced_connection_string_and_endpoint_arrive_under_their_conventional_names()
    {
        await using var sample = new SampleApplication();
        var kafka = sample.Builder.AddConnectionString("kafka", ReferenceExpression.Create($"{"127.0.0.1:9092"}"));
        var edge = sample.AddScript("edge-1", "exec sleep 600").WithHttpEndpoint(port: 9001, env: "PORT");
        // No shell: a shell would lose the variables whose names it could not pronounce.
        sample.Builder.AddExecutable("server", "env", "/tmp").WithReference(kafka).WithReference(edge.GetEndpoint("http"));

        await sample.StartAsync();
        var environment = await EnvironmentOf(sample, "server");

        Assert.Equal("127.0.0.1:9092", environment["ConnectionStrings__kafka"]);
        Assert.Equal(edge.GetEndpoint("http").Url, environment["services__edge-1__http__0"]);
        Assert.Equal(edge.GetEndpoint("http").Url, environment["EDGE_1_HTTP"]);
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Values_known_only_at_run_time_are_filled_in()
    {
        await using var sample = new SampleApplication("--Parameters:topic=edge-data");
        var topic = sample.Builder.AddParameter("topic");
        var group = sample.Builder.AddParameter("group", "edgecloud-{server}");
        var service = sample.AddScript("service", "env").WithHttpEndpoint(env: "PORT");
        service.WithEnvironment("PLAIN", "6")
            .WithEnvironment("TOPIC", topic)
            .WithEnvironment("URL", service.GetEndpoint("http"))
            .WithEnvironment("BOXES", $"{service.GetEndpoint("http")}/boxes?{{{group}}}")
            .WithEnvironment(context => context.EnvironmentVariables["HOST_PORT"] = service.GetEndpoint("http").Property(EndpointProperty.HostAndPort));

        await sample.StartAsync();
        var environment = await EnvironmentOf(sample, "service");

        var url = service.GetEndpoint("http").Url;
        Assert.Equal("6", environment["PLAIN"]);
        Assert.Equal("edge-data", environment["TOPIC"]);
        Assert.Equal(url, environment["URL"]);
        Assert.Equal($"{url}/boxes?{{edgecloud-{{server}}}}", environment["BOXES"]);
        Assert.Equal(new Uri(url).Authority, environment["HOST_PORT"]);
        Assert.Equal(new Uri(url).Port.ToString(), environment["PORT"]);
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task An_application_under_test_takes_free_ports_instead_of_the_stable_ones()
    {
        await using var sample = new SampleApplication();
        var one = sample.AddScript("one", "exec sleep 600").WithHttpEndpoint(port: 9001, env: "PORT");
        var two = sample.AddScript("two", "exec sleep 600").WithHttpEndpoint(port: 9001, env: "PORT");

        await sample.StartAsync();

        Assert.Equal(3, new HashSet<int> { 9001, one.GetEndpoint("http").Port, two.GetEndpoint("http").Port }.Count);
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task The_text_for_an_endpoint_reaches_its_snapshot()
    {
        await using var sample = new SampleApplication();
        sample.AddScript("edge", "exec sleep 600").WithHttpEndpoint(env: "PORT").WithUrlForEndpoint("http", url =>
        {
            url.DisplayText = "Camera";
            url.Url += "/camera.html";
        });

        await sample.StartAsync();
        var ready = await sample.Resources.WaitForResourceHealthyAsync("edge", sample.Limit);

        var url = Assert.Single(ready.Snapshot.Urls);
        Assert.Equal("Camera", url.DisplayProperties.DisplayName);
        Assert.EndsWith("/camera.html", url.Url);
    }

    private static async Task<Dictionary<string, string>> EnvironmentOf(SampleApplication sample, string resource)
    {
        await sample.Resources.WaitForResourceAsync(resource, KnownResourceStates.Finished, sample.Limit);
        return sample.SaidBy(resource).Where(line => line.Contains('=')).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
