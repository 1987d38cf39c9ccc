using EdgeCloud.Carbon;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.Tests.Carbon;

public sealed class CarbonAwareApiTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 12, 2, 0, TimeSpan.Zero));
    private readonly WebApplication _sdk = LocalServer.Create();
    private RequestDelegate _answer = static _ => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _sdk.Map("/base/emissions/bylocation", context => _answer(context));
        await _sdk.StartAsync();
    }

    public async Task DisposeAsync() => await _sdk.DisposeAsync();

    [Fact]
    public async Task It_is_asked_for_the_place_and_the_last_hours_and_its_newest_figure_taken()
    {
        string? asked = null;
        _answer = context =>
        {
            asked = context.Request.QueryString.Value;
            return context.Response.WriteAsync(
                """[{"location":"DE-LU","time":"2026-03-04T11:55:00+00:00","rating":401.25,"duration":"00:05:00"},"""
                + """{"location":"DE-LU","time":"2026-03-04T11:50:00+00:00","rating":390,"duration":"00:05:00"}]""");
        };
        Assert.Equal(
            new CarbonIntensity(
                401.25, "DE-LU", "carbon_aware_sdk", new DateTimeOffset(2026, 3, 4, 11, 55, 0, TimeSpan.Zero)),
            await Provider("DE-LU").ReadAsync(default));
        Assert.Equal("?location=DE-LU&time=2026-03-04T09:02:00Z&toTime=2026-03-04T12:02:00Z", asked);
    }

    [Theory]
    [InlineData(204, "", "has no figures of the last 3 h for DE")]
    [InlineData(400, """{"title":"Location 'DE' is not known"}""", "answers 400")]
    [InlineData(500, "", "answers 500")]
    [InlineData(200, "<html>", "not in the Carbon Aware SDK's format")]
    [InlineData(200, "[]", "no figure for DE")]
    [InlineData(200, """[{"location":"DE","time":"2026-03-04T11:55:00Z","rating":0.6}]""", "which no grid has")]
    public async Task An_answer_without_a_figure_says_why(int status, string body, string expected)
    {
        _answer = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        };
        Assert.Contains(expected, (await FailureAsync(Provider("DE"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up()
    {
        _answer = context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.Contains(
            "has not answered within 0.2 s", (await FailureAsync(Provider("DE", TimeSpan.FromSeconds(0.2)))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_answer_is_given_up()
    {
        _answer = async context =>
        {
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        };
        await FailureAsync(Provider("DE"));
    }

    [Fact]
    public async Task An_address_where_nobody_is_says_so() =>
        Assert.Contains(
            "cannot be reached", (await FailureAsync(new CarbonAwareApi(
                new Uri("http://127.0.0.1:1"), "DE", TimeSpan.FromHours(3), TimeSpan.FromSeconds(30), _time))).Message,
            StringComparison.Ordinal);

    private static Task<IntensityUnavailableException> FailureAsync(CarbonAwareApi provider) =>
        Assert.ThrowsAsync<IntensityUnavailableException>(() => provider.ReadAsync(default));

    private CarbonAwareApi Provider(string location, TimeSpan? timeout = null) =>
        new(
            new Uri(_sdk.Urls.Single() + "/base/"), location, TimeSpan.FromHours(3),
            timeout ?? TimeSpan.FromSeconds(60), _time);
}
