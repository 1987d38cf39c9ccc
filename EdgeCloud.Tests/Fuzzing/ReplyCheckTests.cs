using System.Text;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>What the fuzzer takes for an answer: a check that lets everything pass finds nothing.</summary>
public sealed class ReplyCheckTests
{
    private static readonly byte[] Whole = "POST /frame HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray();
    private static readonly byte[] Cut = "POST /frame HTTP/1.1\r\nContent-Length: 3\r\n\r\n{}"u8.ToArray();

    [Fact]
    public void An_event_passes() =>
        Assert.Null(Problem(200, DetectionEventJson.Write(Events.Of("edge-1", DateTimeOffset.UtcNow))));

    [Fact]
    public void Problem_details_pass_and_so_does_a_busy_edge_that_says_for_how_long()
    {
        Assert.Null(Details(400, """{"title":"Invalid JPEG","status":400}"""));
        Assert.Null(Details(503, """{"title":"Not ready","status":503}""", ("Retry-After", "1")));
        Assert.Null(Problem(400, [], ("Connection", "close")));
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(502, "")]
    [InlineData(503, """{"title":"Not ready","status":503}""")]
    [InlineData(429, """{"title":"Too many","status":429}""")]
    [InlineData(400, "")]
    [InlineData(400, """{"title":"Invalid JPEG","status":413}""")]
    [InlineData(400, """{"title":"","status":400}""")]
    [InlineData(400, """{"title":"Invalid""")]
    [InlineData(200, """{"device_id":"edge-1"}""")]
    [InlineData(204, "")]
    public void Anything_else_is_a_finding(int status, string body) => Assert.NotNull(Details(status, body));

    [Fact]
    public void Problem_details_that_give_the_body_back_are_a_finding() =>
        Assert.NotNull(
            Details(400, $$"""{"title":"Invalid JSON","status":400,"detail":"{{new string('x', 5000)}}"}"""));

    [Fact]
    public void Only_a_request_that_is_not_whole_may_go_without_an_answer()
    {
        Assert.NotNull(ReplyCheck.Problem(null, Whole));
        Assert.Null(ReplyCheck.Problem(null, Cut));
        Assert.NotNull(ReplyCheck.Problem(null, Chunked("2;a=b\r\n{}\r\n0\r\n\r\n")));
        Assert.Null(ReplyCheck.Problem(null, Chunked("2\r\n{}\r\n")));
        Assert.Null(ReplyCheck.Problem(null, Chunked("9\r\n{}\r\n0\r\n\r\n")));

        static byte[] Chunked(string chunks) =>
            Encoding.ASCII.GetBytes("POST /frame HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
    }

    private static string? Details(int status, string body, params (string Name, string Value)[] headers) =>
        Problem(status, Encoding.UTF8.GetBytes(body), [.. headers, ("Content-Type", "application/problem+json")]);

    private static string? Problem(int status, byte[] body, params (string Name, string Value)[] headers) =>
        ReplyCheck.Problem(new RawReply(status, headers.ToDictionary(), body), Whole);
}
