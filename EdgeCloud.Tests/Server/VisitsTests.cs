using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Server;

/// <summary>From the presence topic to GET /visits of running servers.</summary>
public sealed class VisitsTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private readonly DateTimeOffset _anHourAgo = DateTimeOffset.UtcNow.AddHours(-1);

    [Fact]
    public async Task Who_came_and_went_is_answered_as_json_and_csv_and_is_rebuilt_when_the_store_is_lost()
    {
        await using var scene = new ServerScene();
        var came = Presences.Of("edge-1", _anHourAgo);
        await scene.PublishAsync(came, came.After(60), came.After(61.5, PresenceEnd.Left));
        await scene.PublishAsync(Presences.Of("edge-2", _anHourAgo.AddMinutes(1), 10));
        await scene.PublishAsync(Events.Of("edge-1", _anHourAgo));
        var server = await scene.StartServerAsync();
        await SeesAsync(server, visits: 2, present: 1);
        await CheckAsync();

        await scene.StopServerAsync();
        server = await scene.StartServerAsync();
        await CheckAsync();
        await scene.StopServerAsync();
        File.Delete(scene.History.Split('=')[1]);
        server = await scene.StartServerAsync();
        await SeesAsync(server, visits: 2, present: 1);
        await CheckAsync();

        async Task CheckAsync()
        {
            var answer = await server.GetFromJsonAsync<JsonElement>("/visits?from=-3h");
            Assert.Equal(35.75, answer.GetProperty("dwell_seconds_median").GetDouble());
            var item = answer.GetProperty("items")[1];
            Assert.Equal("left", item.GetProperty("reason").GetString());
            Assert.True(item.GetProperty("ended").GetBoolean());
            Assert.Equal(
                """{"zone":"desk","seconds":30.75,"entries":1}""", item.GetProperty("zones")[0].GetRawText());
            Assert.Equal("[0.1,0.2]", item.GetProperty("first_point").GetRawText());
            Assert.Equal(JsonValueKind.Null, answer.GetProperty("items")[0].GetProperty("reason").ValueKind);

            using var request = new HttpRequestMessage(HttpMethod.Get, "/visits?from=-3h&device_id=edge-1&limit=1");
            request.Headers.Add("Accept", "text/csv");
            var file = await server.SendAsync(request);
            Assert.Equal("text/csv", file.Content.Headers.ContentType!.MediaType);
            Assert.Equal(
                "presence_id,device_id,track_id,started_at,last_seen_at,ended,reason,dwell_seconds,highest_score\r\n"
                + $"{came.PresenceId},edge-1,3,{came.StartedAt.ToWireText()},"
                + $"{came.StartedAt.AddSeconds(61.5).ToWireText()},true,left,61.5,0.95\r\n",
                await file.Content.ReadAsStringAsync());

            var history = await server.GetFromJsonAsync<JsonElement>("/history?from=-3h&bucket=1h");
            Assert.Equal(
                1, history.GetProperty("buckets").EnumerateArray().Sum(each => each.GetProperty("frames").GetInt32()));
        }
    }

    [Fact]
    public async Task What_cannot_be_answered_is_refused_by_the_parameters_name()
    {
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();
        foreach (var (query, said) in new[]
        {
            ("limit=0", "limit must be a whole number between 1 and 5000"),
            ("limit=5001", "limit must be a whole number"),
            ("limit=many", "limit must be a whole number"),
            ("from=yesterday", "from must be a time"),
            ("to=tomorrow", "to must be a time"),
            ("from=now&to=-1h", "must be before to"),
            ("device_id=a%20b", "device_id must have"),
            ("format=xml", "format must be json or csv"),
        })
        {
            var refused = await server.GetAsync("/visits?" + query);
            Assert.Equal((query, HttpStatusCode.BadRequest), (query, refused.StatusCode));
            Assert.Contains(said, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_message_that_is_no_event_is_counted_and_passed_over_without_telling_what_is_in_it()
    {
        await using var scene = new ServerScene();
        string[] bad =
        [
            "secret", "{}", """{"device_id":"secret"}""", "[null]",
            JsonSerializer.Serialize("secret"),
            .. new[] { """ "zones":[null] """, """ "zones":null """, """ "dwell_seconds":1e999 """ }.Select(member =>
                Encoding.UTF8.GetString(PresenceEventJson.Write(Presences.Of("secret", _anHourAgo)))
                    .TrimEnd('}') + "," + member + "}"),
        ];
        foreach (var value in bad)
            await ProduceAsync(Encoding.UTF8.GetBytes(value));
        await ProduceAsync(null);
        await scene.PublishAsync(Presences.Of("edge-1", _anHourAgo));
        var server = await scene.StartServerAsync();
        await SeesAsync(server, visits: 1, present: 1);

        await Eventually.HoldsAsync(
            async () => (await server.GetStringAsync("/metrics")) is var metrics
                && Counts(metrics, "invalid", bad.Length + 1) && Counts(metrics, "event", 1),
            "the messages are counted");
        var logged = scene.Log.With("Not a presence event").ToArray();
        Assert.Equal(bad.Length + 1, logged.Length);
        Assert.All(logged, line => Assert.DoesNotContain("secret", line.ToString(), StringComparison.Ordinal));
        Assert.Equal(0, (await server.StatsAsync()).GetProperty("dead_letters").GetInt64());

        Task ProduceAsync(byte[]? value) => scene.Producer.ProduceAsync(
            PresenceTopic.Name, new Message<string?, byte[]> { Key = "edge-1", Value = value! });
    }

    [Fact]
    public async Task Servers_that_share_a_store_agree_and_each_reads_all()
    {
        await using var scene = new ServerScene { History = await postgres.CreateDatabaseAsync() };
        var first = await scene.StartServerAsync();
        var second = scene.LaunchServer();
        var came = Enumerable.Range(0, 20).Select(i => Presences.Of($"edge-{i}", _anHourAgo)).ToArray();
        foreach (var each in came)
            await scene.PublishAsync(each, each.After(60), each.After(61, PresenceEnd.Left));

        foreach (var server in new[] { first, second })
            await SeesAsync(server, visits: 20, present: 0);

        // Nothing is left to the one that goes.
        await scene.StopServerAsync();
        await scene.PublishAsync([.. came.Select(each => Presences.Of(each.DeviceId, _anHourAgo, 5))]);
        await SeesAsync(first, visits: 40, present: 20);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_delays_nothing_and_is_read_once_it_is()
    {
        await using var scene = new ServerScene(withPresence: false);
        await scene.PublishAsync(Events.Of("edge-1", _anHourAgo));
        var server = await scene.StartServerAsync();
        await server.SeesAsync("events", 1);

        await scene.PublishAsync(Presences.Of("edge-1", _anHourAgo));
        await SeesAsync(server, visits: 1, present: 1);
    }

    [Fact]
    public async Task A_store_and_a_broker_that_are_away_are_waited_for()
    {
        await using var scene = new ServerScene { History = await postgres.CreateDatabaseAsync() };
        await scene.PublishAsync(Presences.Of("edge-1", _anHourAgo));
        await postgres.StopAsync();
        var server = scene.LaunchServer();
        var away = await server.GetAsync("/visits");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.True(away.Headers.Contains("Retry-After"));

        await postgres.StartAsync();
        await SeesAsync(server, visits: 1, present: 1);

        scene.Broker.GoAway();
        var meanwhile = scene.PublishAsync(Presences.Of("edge-2", _anHourAgo));
        await postgres.StopAsync();
        scene.Broker.ComeBack();
        await meanwhile;
        await postgres.StartAsync();
        await SeesAsync(server, visits: 2, present: 2);
    }

    private static bool Counts(string metrics, string outcome, int count) => Regex.IsMatch(
        metrics, $"(?m)^edgecloud_presences_total{{.*outcome=\"{outcome}\".*}} {count}\\b");

    private static Task SeesAsync(HttpClient server, int visits, int present) => Eventually.HoldsAsync(
        async () =>
        {
            using var answer = await server.GetAsync("/visits?from=-3h");
            if (!answer.IsSuccessStatusCode)
                return false;
            var read = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (read.GetProperty("visits").GetInt32(), read.GetProperty("present").GetInt32())
                == (visits, present);
        },
        $"/visits says {visits}, of which {present} are present");
}
