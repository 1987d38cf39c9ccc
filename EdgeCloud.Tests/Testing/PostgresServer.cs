using System.Globalization;
using EdgeCloud.AppHost;
using Npgsql;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// A PostgreSQL in a folder of its own, or the one that EDGECLOUD_TEST_POSTGRES is the connection string of.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Variable = "EDGECLOUD_TEST_POSTGRES";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.FindFree();
    private ChildProcess? _process;

    /// <summary>Where Debian has the programs, of the newest version.</summary>
    private static string Programs =>
        Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin/";

    private string Data => _folder.File("data");

    private string Server => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? given
        : $"Host=127.0.0.1;Port={_port.ToString(CultureInfo.InvariantCulture)};Username=edgecloud;Timeout=60";

    public async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
            return;
        if (Environment.IsPrivilegedProcess)
            await ChildProcess.SucceedAsync(["chown", "postgres", _folder.Path]);
        await ChildProcess.SucceedAsync(AsPostgres(
            "initdb", "--pgdata", Data, "--username", "edgecloud", "--auth", "trust", "--no-sync",
            "--no-instructions"));
        await StartAsync();
    }

    /// <returns>The connection string of an empty database.</returns>
    internal async Task<string> CreateDatabaseAsync()
    {
        var name = $"edgecloud_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server)
        {
            Database = "postgres",
            Pooling = false,
        });
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return $"{Server};Database={name}";
    }

    /// <summary>Starts it again on the same data.</summary>
    internal async Task StartAsync()
    {
        _process?.Dispose();
        _process = ChildProcess.Start(AsPostgres(
            "postgres", "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder.Path,
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"));
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await using var source = NpgsqlDataSource.Create($"{Server};Database=postgres;Pooling=false");
                    await using var connection = await source.OpenConnectionAsync();
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            "PostgreSQL answers");
    }

    /// <summary>Ends it at once; who is connected is cut off.</summary>
    internal Task StopAsync() =>
        ChildProcess.SucceedAsync(AsPostgres("pg_ctl", "stop", "--pgdata", Data, "--mode", "immediate"));

    public async Task DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        _process?.Dispose();
        _folder.Dispose();
    }

    /// <summary>It refuses to be run by root.</summary>
    private static string[] AsPostgres(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? ["runuser", "-u", "postgres", "--", Programs + program, .. arguments]
        : [Programs + program, .. arguments];
}
