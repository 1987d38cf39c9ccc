using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kubernetes.Resources;

namespace EdgeCloud.Tests.StandIns;

/// <summary>What a chart looks like, to the letter.</summary>
public sealed class ChartPublisherTests : IDisposable
{
    private const string Labels = """
            app.kubernetes.io/name: "{{ .Chart.Name }}"
            app.kubernetes.io/component: "live-page"
            app.kubernetes.io/instance: "{{ .Release.Name }}"
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_container_becomes_a_Deployment_a_Service_and_a_ConfigMap_whose_values_are_in_values_yaml()
    {
        await PublishAsync(builder => LivePage(builder));

        Assert.Equal(
            $$$"""
            ---
            apiVersion: "apps/v1"
            kind: "Deployment"
            metadata:
              name: "live-page-deployment"
              labels:
            {{{Labels}}}
            spec:
              template:
                metadata:
                  labels:
            {{{Indented(4)}}}
                spec:
                  containers:
                    - image: "docker.io/library/nginx:1.29"
                      name: "live-page"
                      envFrom:
                        - configMapRef:
                            name: "live-page-config"
                      args:
                        - "--quiet"
                      ports:
                        - name: "http"
                          protocol: "TCP"
                          containerPort: 8080
                      volumeMounts:
                        - name: "cache"
                          mountPath: "/cache"
                      imagePullPolicy: "IfNotPresent"
                  volumes:
                    - name: "cache"
                      emptyDir: {}
              selector:
                matchLabels:
            {{{Indented(2)}}}
              replicas: 1
              revisionHistoryLimit: 3
              strategy:
                rollingUpdate:
                  maxSurge: 1
                  maxUnavailable: 1
                type: "RollingUpdate"

            """, Text("templates/live-page/deployment.yaml"));
        Assert.Equal(
            $$$"""
            ---
            apiVersion: "v1"
            kind: "Service"
            metadata:
              name: "live-page-service"
              labels:
            {{{Labels}}}
            spec:
              type: "ClusterIP"
              selector:
            {{{Labels}}}
              ports:
                - name: "http"
                  protocol: "TCP"
                  port: 80
                  targetPort: 8080

            """, Text("templates/live-page/service.yaml"));
        Assert.Equal(
            $$$"""
            ---
            apiVersion: "v1"
            kind: "ConfigMap"
            metadata:
              name: "live-page-config"
              labels:
            {{{Labels}}}
            data:
              UPSTREAM: "{{ .Values.config.live_page.UPSTREAM }}"
              FRAMES_PER_SECOND: "{{ .Values.config.live_page.FRAMES_PER_SECOND }}"

            """, Text("templates/live-page/config.yaml"));
        Assert.Equal(
            """
            parameters: {}
            secrets: {}
            config:
              live_page:
                UPSTREAM: "http://live-page-service:80"
                FRAMES_PER_SECOND: "1"

            """, Text("values.yaml"));
        Assert.Equal(
            """
            apiVersion: "v2"
            name: "sample"
            version: "0.1.0"
            kubeVersion: ">= 1.18.0-0"
            description: "Aspire Helm Chart"
            type: "application"
            keywords:
              - "aspire"
              - "kubernetes"
            appVersion: "0.1.0"
            deprecated: false

            """, Text("Chart.yaml"));
    }

    [Fact]
    public async Task Kafka_becomes_a_StatefulSet_and_its_page_is_left_at_home()
    {
        await PublishAsync(builder => builder.AddKafka("kafka").WithDataVolume("events").WithKafkaUI());

        Assert.Equal(["config.yaml", "service.yaml", "statefulset.yaml"], Files("templates/kafka"));
        Assert.Equal(["kafka"], Files("templates"));
        Assert.Contains(
            "KAFKA_ADVERTISED_LISTENERS: \"PLAINTEXT://kafka-service:29092,PLAINTEXT_HOST://kafka-service:9092,"
            + "PLAINTEXT_INTERNAL://kafka-service:9093\"", Text("values.yaml"), StringComparison.Ordinal);
        Assert.EndsWith("\n  replicas: 1\n", Text("templates/kafka/statefulset.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_customised_is_written_and_what_is_added_gets_the_labels_and_a_file_of_its_own()
    {
        await PublishAsync(builder => LivePage(builder).PublishAsKubernetesService(published =>
        {
            published.Service = null;
            published.Workload!.PodTemplate.Spec.Containers[0].ReadinessProbe =
                new() { HttpGet = new() { Path = "/", Scheme = "HTTP", Port = "http" } };
            published.AdditionalResources.Add(
                new ConfigMap { Metadata = { Name = "live-page-files" }, Data = { ["a.txt"] = "one\ntwo \"three\"" } });
        }));

        Assert.Equal(["config.yaml", "deployment.yaml", "files.yaml"], Files("templates/live-page"));
        Assert.Contains("port: \"http\"", Text("templates/live-page/deployment.yaml"), StringComparison.Ordinal);
        Assert.EndsWith(
            Labels + "\ndata:\n  a.txt: \"one\\ntwo \\\"three\\\"\"\n", Text("templates/live-page/files.yaml"),
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static IResourceBuilder<ContainerResource> LivePage(IDistributedApplicationBuilder builder)
    {
        var page = builder.AddContainer("live-page", "docker.io/library/nginx", "1.29")
            .WithHttpEndpoint(port: 80, targetPort: 8080).WithVolume("cache", "/cache").WithArgs("--quiet");
        return page.WithEnvironment("UPSTREAM", page.GetEndpoint("http")).WithEnvironment("FRAMES_PER_SECOND", "1");
    }

    private static IDistributedApplicationBuilder Builder(params string[] arguments)
    {
        var builder = DistributedApplication.CreateBuilder(arguments);
        builder.AddKubernetesEnvironment("cluster")
            .WithHelm(helm => helm.WithChartName("sample")).WithProperties(cluster => cluster.DashboardEnabled = false);
        return builder;
    }

    private async Task PublishAsync(Action<IDistributedApplicationBuilder> add)
    {
        var builder = Builder("--operation", "publish", "--step", "publish", "--output-path", _folder.Path);
        add(builder);
        await builder.Build().RunAsync();
    }

    private static string Indented(int more) =>
        string.Join('\n', Labels.Split('\n').Select(line => new string(' ', more) + line));

    private string Text(string path) => File.ReadAllText(Path.Combine(_folder.Path, path)).ReplaceLineEndings("\n");

    private IEnumerable<string?> Files(string folder) => Directory.EnumerateFileSystemEntries(_folder.File(folder))
        .Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
