using EdgeCloud.Edge.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Events;

public sealed class OutboxFileTests : IDisposable
{
    private const string NoBroker = "127.0.0.1:1";
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("outbox.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_file_and_its_folder_are_made_where_there_are_none()
    {
        var file = Path.Combine(_folder.Path, "not", "yet", "outbox.db");
        await using var scene = new OutboxScene(NoBroker, file);
        await scene.StartAsync();
        await scene.StoreAsync("device");

        Assert.True(System.IO.File.Exists(file));
    }

    [Fact]
    public async Task A_file_that_is_no_outbox_is_set_aside_and_a_new_one_started()
    {
        var garbage = new byte[10_000];
        new Random(1).NextBytes(garbage);
        await System.IO.File.WriteAllBytesAsync(File, garbage);

        await AssertSetAsideAsync(garbage);
    }

    [Fact]
    public async Task An_outbox_with_damaged_pages_is_set_aside_and_a_new_one_started()
    {
        await using (var scene = new OutboxScene(NoBroker, File))
        {
            await scene.StartAsync();
            for (var i = 0; i < 50; i++)
                await scene.StoreAsync("device", bytes: 1000);
        }

        var damaged = await System.IO.File.ReadAllBytesAsync(File);
        new Random(1).NextBytes(damaged.AsSpan(4096, 12_288));
        await System.IO.File.WriteAllBytesAsync(File, damaged);

        await AssertSetAsideAsync(damaged);
    }

    [Fact]
    public async Task The_outbox_of_a_later_version_is_left_alone_and_ends_the_start()
    {
        await using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 4";
            command.ExecuteNonQuery();
        }

        await using var scene = new OutboxScene(NoBroker, File);
        var refused = await Assert.ThrowsAsync<OutboxException>(scene.StartAsync);

        Assert.Contains("schema version 4", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_ends_the_start_with_a_message_that_names_the_key()
    {
        await System.IO.File.WriteAllTextAsync(_folder.File("occupied"), "a file where a folder should be");

        await using var scene = new OutboxScene(NoBroker, Path.Combine(_folder.File("occupied"), "outbox.db"));
        var refused = await Assert.ThrowsAsync<OutboxException>(scene.StartAsync);

        Assert.Contains("Edge:Events:OutboxPath", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_edges_cannot_share_a_file()
    {
        await using var first = new OutboxScene(NoBroker, File);
        await first.StartAsync();
        await first.StoreAsync("device");

        var second = await ChildProcess.RunAsync(ChildProcess.Dotnet(
            "EdgeCloud.Edge", "--urls=http://127.0.0.1:0", $"--ConnectionStrings:kafka={NoBroker}",
            $"--Edge:Events:OutboxPath={File}"));

        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains($"{File} is in use", second.Text, StringComparison.Ordinal);
        await first.StoreAsync("device");
        Assert.Equal(2, first.Count("edgecloud.outbox.events"));
    }

    private async Task AssertSetAsideAsync(byte[] damaged)
    {
        await using var scene = new OutboxScene(NoBroker, File);
        await scene.StartAsync();
        await scene.StoreAsync("device");

        var aside = Assert.Single(Directory.GetFiles(_folder.Path, "outbox.db.damaged-*"));
        Assert.Equal(damaged, await System.IO.File.ReadAllBytesAsync(aside));
        var damage = Assert.Single(scene.Log.With("damaged"), record => record.Level == LogLevel.Error);
        Assert.Contains(aside, damage.Message, StringComparison.Ordinal);
        Assert.Equal(1, scene.Count("edgecloud.outbox.events"));
    }
}
