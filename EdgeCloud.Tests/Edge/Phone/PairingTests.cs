using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeCloud.Edge.Phone;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Edge.Phone;

public sealed class PairingTests
{
    [Fact]
    public async Task Revoking_puts_every_phone_out_at_once_and_makes_another_token()
    {
        await using var scene = await StartAsync();
        var before = await scene.TokenAsync();
        var (one, _) = await scene.PairedAsync();
        var (other, _) = await scene.PairedAsync();

        using var answer = await scene.Edge.PostAsync("/phone/revoke", null);
        var status = await answer.EventAsync();

        Assert.Equal(0, status.GetProperty("phones").GetArrayLength());
        foreach (var phone in new[] { one, other })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await phone.GetAsync("/this-phone")).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await phone.PostJpegAsync(Photo.Astronaut)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await PhoneScene.PairAsync(phone, before)).StatusCode);
        }

        await scene.RestartAsync();
        using var old = await one.GetAsync(new Uri(scene.Address, "/this-phone"));
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        using var again = await PhoneScene.PairAsync(scene.Phone(), await scene.TokenAsync());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task One_phone_is_put_out_and_the_others_send_on()
    {
        await using var scene = await StartAsync();
        var (one, deviceId) = await scene.PairedAsync();
        var (other, otherId) = await scene.PairedAsync();

        using var unknown = await scene.Edge.PostAsync("/phone/revoke?device_id=phone-x", null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var answer = await scene.Edge.PostAsync($"/phone/revoke?device_id={deviceId}", null);

        var left = Assert.Single((await answer.EventAsync()).GetProperty("phones").EnumerateArray());
        Assert.Equal(otherId, left.GetProperty("device_id").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await one.GetAsync("/this-phone")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/this-phone")).StatusCode);
    }

    [Fact]
    public async Task A_phone_stays_paired_when_the_edge_starts_again_and_the_code_is_another()
    {
        await using var scene = await StartAsync();
        var (phone, deviceId) = await scene.PairedAsync();
        var token = await scene.TokenAsync();
        using var named = await phone.PutAsJsonAsync("/this-phone", new { name = "  Kitchen " });
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);

        await scene.RestartAsync();

        var paired = await phone.GetFromJsonAsync<JsonElement>(new Uri(scene.Address, "/this-phone"));
        Assert.Equal(deviceId, paired.GetProperty("device_id").GetString());
        Assert.Equal("Kitchen", paired.GetProperty("name").GetString());
        Assert.NotEqual(token, await scene.TokenAsync());
    }

    [Theory]
    [InlineData("""{"name":"\u001b[31m"}""")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("name")]
    public async Task A_name_is_a_short_text_that_steers_no_terminal(string body)
    {
        await using var scene = await StartAsync();
        var (phone, _) = await scene.PairedAsync();
        using var content = new StringContent(body, null, "application/json");
        using var answer = await phone.PutAsync("/this-phone", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);

        using var tooLong = await phone.PutAsJsonAsync("/this-phone", new { name = new string('a', 65) });
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
    }

    [Fact]
    public async Task Ten_thousand_guesses_get_nobody_in_and_who_guessed_waits()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var scene = await StartAsync(clock);
        using var guesser = scene.Phone();
        var statuses = new Dictionary<HttpStatusCode, int>();
        for (var guess = 0; guess < 10_000; guess++)
        {
            using var answer = await PhoneScene.PairAsync(guesser, $"{guess:D22}");
            statuses[answer.StatusCode] = statuses.GetValueOrDefault(answer.StatusCode) + 1;
        }

        Assert.Equal(GuessLimit.AtOnce, statuses[HttpStatusCode.Unauthorized]);
        Assert.Equal(10_000 - GuessLimit.AtOnce, statuses[HttpStatusCode.TooManyRequests]);
        Assert.Empty(scene.Application.Services.GetRequiredService<Pairing>().All);

        // From this address the right one waits too, and then is taken.
        using var early = await PhoneScene.PairAsync(guesser, await scene.TokenAsync());
        Assert.Equal(HttpStatusCode.TooManyRequests, early.StatusCode);
        Assert.Equal(GuessLimit.Interval, early.Headers.RetryAfter?.Delta);
        clock.Advance(GuessLimit.Interval);
        using var inTime = await PhoneScene.PairAsync(guesser, await scene.TokenAsync());
        Assert.Equal(HttpStatusCode.OK, inTime.StatusCode);
    }

    [Fact]
    public async Task Token_and_secret_are_in_no_log_metric_or_file()
    {
        await using var scene = await StartAsync();
        using var phone = scene.Phone();
        var token = await scene.TokenAsync();
        using var answer = await PhoneScene.PairAsync(phone, token);
        var secret = Assert.Single(answer.Headers.GetValues("Set-Cookie")).Split('=', ';')[1];
        await phone.PostJpegAsync(Photo.Astronaut);

        var written = string.Join('\n', scene.Logs.GetSnapshot().Select(record =>
            $"{record.Message} {string.Join(' ', record.StructuredState ?? [])} {string.Join(' ', record.Scopes)}"))
            + await scene.Edge.GetStringAsync("/metrics")
            + string.Join('\n', Directory.GetFiles(scene.FolderOfPhones).Select(File.ReadAllText));
        Assert.Contains("/trust/pair", written, StringComparison.Ordinal);
        Assert.DoesNotContain(token, written, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, written, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_guessers_is_bounded_and_knows_a_host_of_IPv6_by_its_network()
    {
        var limit = new GuessLimit(new FakeTimeProvider());
        for (var i = 0; i < 3 * GuessLimit.Capacity; i++)
            limit.TryAdmit(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), out _);
        Assert.Equal(GuessLimit.Capacity, limit.Count);

        for (var i = 0; i < GuessLimit.AtOnce; i++)
            Assert.True(limit.TryAdmit(IPAddress.Parse($"fd00::{i}"), out _));
        Assert.False(limit.TryAdmit(IPAddress.Parse("fd00::ffff"), out _));
        Assert.True(limit.TryAdmit(IPAddress.Parse("fd00:1::1"), out _));
    }

    [Fact]
    public async Task No_more_than_a_hundred_phones_are_paired()
    {
        using var folder = new TemporaryFolder();
        var pairing = new Pairing(new PrivateFolder(folder.Path), TimeProvider.System);
        for (var i = 0; i < Pairing.MaxPhones; i++)
            Assert.NotNull(await pairing.PairAsync(pairing.Token, default));

        Assert.Null(await pairing.PairAsync(pairing.Token, default));
        Assert.Equal(Pairing.MaxPhones, pairing.All.Select(phone => phone.DeviceId).Distinct().Count());
    }

    private static async Task<PhoneScene> StartAsync(TimeProvider? time = null)
    {
        var scene = new PhoneScene { Time = time ?? TimeProvider.System };
        await scene.InitializeAsync();
        return scene;
    }
}
