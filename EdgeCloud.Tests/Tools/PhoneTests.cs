using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeCloud.Tests.Tools;

/// <summary><c>./edgecloud phone</c>, against an edge that was started without it.</summary>
public sealed class PhoneTests
{
    [Fact]
    public async Task The_edge_listens_and_its_code_is_shown_until_it_is_closed()
    {
        await using var scene = new PhoneScene();
        await scene.InitializeAsync();
        using var closed = await scene.Edge.DeleteAsync("/phone");

        var shown = await RunAsync(scene, "phone");

        Assert.True(shown.ExitCode == 0, shown.Text);
        await scene.OpenAsync();
        var status = await scene.Edge.GetFromJsonAsync<JsonElement>("/phone");
        Assert.Contains(status.GetProperty("code").GetString()!, shown.Output, StringComparison.Ordinal);
        Assert.Contains(status.GetProperty("addresses")[0].GetString()!, shown.Output, StringComparison.Ordinal);
        Assert.Contains(
            status.GetProperty("authority_fingerprint").GetString()!, shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(await scene.TokenAsync(), shown.Text, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync(scene, "phone", "close")).ExitCode);
        status = await scene.Edge.GetFromJsonAsync<JsonElement>("/phone");
        Assert.False(status.GetProperty("listening").GetBoolean());
    }

    [Fact]
    public async Task Phones_are_listed_by_their_names_and_revoked()
    {
        await using var scene = new PhoneScene();
        await scene.InitializeAsync();
        var (phone, deviceId) = await scene.PairedAsync();
        await phone.PutAsJsonAsync("/this-phone", new { name = "Kitchen" });
        var (_, other) = await scene.PairedAsync();
        var token = await scene.TokenAsync();
        Assert.Matches($"{deviceId} +Kitchen", (await RunAsync(scene, "phone")).Output);

        var one = await RunAsync(scene, "phone", "revoke", other);
        Assert.Contains(deviceId, one.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(other, one.Output, StringComparison.Ordinal);
        Assert.NotEqual(token, await scene.TokenAsync());
        var unknown = await RunAsync(scene, "phone", "revoke", "phone-x");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("No phone is paired", unknown.Error, StringComparison.Ordinal);

        var all = await RunAsync(scene, "phone", "revoke");
        Assert.Contains("No phone is paired.", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edge_that_is_not_there_is_said_in_a_line()
    {
        var run = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("edgecloud", "phone", "--edge", "http://127.0.0.1:1"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cannot be reached", run.Error, StringComparison.Ordinal);
    }

    private static Task<Finished> RunAsync(PhoneScene scene, params string[] arguments) => ChildProcess.RunAsync(
        ChildProcess.Dotnet("edgecloud", [.. arguments, "--edge", $"{scene.Edge.BaseAddress}"]));
}
