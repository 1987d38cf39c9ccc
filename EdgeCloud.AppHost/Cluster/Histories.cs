using Aspire.Hosting.Kubernetes.Resources;

namespace EdgeCloud.AppHost.Cluster;

/// <summary>The server's history in the cluster: a file of one server, or a PostgreSQL that servers share.</summary>
internal static class Histories
{
    private const string FileDirectory = "/var/lib/edgecloud";

    private const string Image = "docker.io/library/postgres";
    private const string Version = "18.3@sha256:7e32e9833a6fb1c92c32552794cb6ed569d51b445a54907d35fc112ef39684db";
    private const string User = "edgecloud";
    private const int Port = 5432;

    /// <summary>Whoever deploys it makes it; no manifest has a password.</summary>
    private static readonly SecretKeySelectorV1 Password = new() { Name = "postgres", Key = "password" };

    private static readonly Pod Pod = new()
    {
        User = 999,
        CpuRequest = "100m",
        CpuLimit = "1",
        MemoryRequest = "192Mi",
        MemoryLimit = "512Mi",

        // The image asks for a fast shutdown, which writes a checkpoint.
        GracePeriodSeconds = 60,
    };

    /// <summary>On a volume that outlives the pod.</summary>
    public static IResourceBuilder<ProjectResource> PublishWithFile(
        this IResourceBuilder<ProjectResource> server, string name) => server
        .WithEnvironment($"ConnectionStrings__{name}", $"Data Source={FileDirectory}/history.db")

        // A hundred devices' minutes of a month take some 500 MB, and a thousand devices' newest events as much.
        .PublishAsKubernetesService(published => published.AddClaim(name, FileDirectory, "2Gi"));

    /// <summary>With a PostgreSQL of their own for two servers, or any other number.</summary>
    public static IResourceBuilder<ProjectResource> PublishWithPostgres(
        this IResourceBuilder<ProjectResource> server, string name)
    {
        var postgres = server.ApplicationBuilder.AddContainer("postgres", Image, Version)
            .WithEndpoint(targetPort: Port, name: "tcp")
            .WithEnvironment("POSTGRES_USER", User)
            .WithEnvironment("POSTGRES_DB", name)
            .PublishAsPod(Pod, published =>
            {
                published.Container().AddSecret("POSTGRES_PASSWORD", Password);
                published.AddClaim("postgres-data", "/var/lib/postgresql", "4Gi");
                published.AddScratch("run", "/var/run/postgresql", "1Mi");
                published.AddScratch("tmp", "/tmp", "64Mi");

                // Its port opens when it has recovered; while it makes its database it listens on no port.
                published.AddTcpProbes(startupPeriodSeconds: 2, failureThreshold: 150);
            });
        var address = postgres.GetEndpoint("tcp").Property(EndpointProperty.Host);
        return server
            .WithEnvironment(
                $"ConnectionStrings__{name}",
                ReferenceExpression.Create($"Host={address};Username={User};Database={name}"))
            .PublishAsKubernetesService(static published =>
            {
                ((Deployment)published.Workload!).Spec.Replicas = 2;
                published.Container().AddSecret("PGPASSWORD", Password);
            });
    }

    private static void AddSecret(this ContainerV1 container, string variable, SecretKeySelectorV1 secret) =>
        container.Env.Add(new EnvVarV1 { Name = variable, ValueFrom = new() { SecretKeyRef = secret } });
}
