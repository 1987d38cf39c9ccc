using EdgeCloud.AppHost.Cluster;
using Microsoft.Extensions.Configuration;

namespace EdgeCloud.AppHost;

/// <summary>What keeps the server's history.</summary>
internal enum HistoryEngine
{
    /// <summary>A file, of one server.</summary>
    Sqlite,

    /// <summary>A PostgreSQL in a container, which servers share.</summary>
    Postgres,
}

internal static class History
{
    private const string Key = "History:Engine";

    /// <summary>
    /// The server's history, under one connection string in every case: the database that
    /// <c>ConnectionStrings:{name}</c> names, if it names one; else what <c>History:Engine</c> says, which is a file
    /// where it says nothing.
    /// </summary>
    /// <exception cref="SetupException">A setting is invalid, or names what this machine lacks.</exception>
    public static IResourceBuilder<ProjectResource> WithHistory(
        this IResourceBuilder<ProjectResource> server, string name)
    {
        var builder = server.ApplicationBuilder;
        var engine = Choose(builder.Configuration);
        if (builder.ExecutionContext.IsPublishMode)
        {
            return engine == HistoryEngine.Postgres
                ? server.PublishWithPostgres(name)
                : server.PublishWithFile(name);
        }

        if (!string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name)))
            return server.WithReference(builder.AddConnectionString(name));
        if (engine == HistoryEngine.Sqlite)
            return server;

        var database = builder.AddPostgres().AddDatabase(name);
        return server.WithReference(database).WaitFor(database);
    }

    private static HistoryEngine Choose(IConfiguration configuration)
    {
        if (configuration[Key] is not { Length: > 0 } chosen)
            return HistoryEngine.Sqlite;
        return Enum.TryParse<HistoryEngine>(chosen, ignoreCase: true, out var engine) && Enum.IsDefined(engine)
            ? engine
            : throw new SetupException($"{Key} is '{chosen}'; it must be Sqlite or Postgres.");
    }

    private static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder)
    {
        if (!ContainerRuntime.IsWanted(builder.Configuration))
        {
            throw new SetupException(
                $"{Key} is Postgres, which is a container, and none are used here: start Docker or Podman and leave "
                + "out Containers=off, or name a PostgreSQL that is there, ConnectionStrings:history=Host=…");
        }

        builder.RequireContainerRuntime();
        return builder.AddPostgres("postgres")
            .WithDataVolume("edgecloud-postgres")

            // Aspire makes a password up anew at each start, and the volume would still have the first. Nobody but this
            // machine reaches the port, as with Kafka's.
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "trust")
            .EndAfterDependents();
    }
}
