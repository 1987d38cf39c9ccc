using System.Net;
using System.Net.Http.Headers;
using EdgeCloud.Edge.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Overload;

public sealed class LargeBodyTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_several_times_the_limit_is_refused_with_413_in_words(bool isChunked)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "/frame") { Content = new ByteArrayContent(new byte[7_500_000]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        request.Headers.TransferEncodingChunked = isChunked;

        var answer = await edge.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("at most 2000000 bytes", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_without_end_is_cut_off()
    {
        await using var endless = await RawConnection.PostAsync(edge.Client.BaseAddress!, "Transfer-Encoding: chunked");
        var answer = endless.ReadToEndAsync();

        await endless.SendUntilClosedAsync([.. "10000\r\n"u8, .. new byte[0x10000], .. "\r\n"u8], TimeSpan.Zero);

        Assert.StartsWith("HTTP/1.1 413 ", await answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_sent_to_an_address_that_reads_none_ends_the_connection()
    {
        await using var connection = await RawConnection.OpenAsync(edge.Client.BaseAddress!);
        await connection.SendAsync("POST /alive HTTP/1.1\r\nHost: edge\r\nContent-Length: 1000000000\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 8")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_body_that_ends_early_gives_its_memory_back(string length)
    {
        var memory = edge.Application.Services.GetRequiredService<FrameMemory>();
        var free = memory.FreeBytes;
        await using (var connection = await RawConnection.PostAsync(edge.Client.BaseAddress!, length))
        {
            await connection.SendAsync("4\r\n");
            await Eventually.HoldsAsync(() => memory.FreeBytes < free || length.StartsWith('T'), "it has begun");
        }

        await Eventually.HoldsAsync(() => memory.FreeBytes == free, "its memory is given back");
        Assert.Equal(HttpStatusCode.OK, (await edge.Client.PostJpegAsync(Photo.Astronaut)).StatusCode);
    }

    [Fact]
    public async Task A_chunk_that_is_framed_wrongly_is_refused_with_400()
    {
        await using var connection =
            await RawConnection.PostAsync(edge.Client.BaseAddress!, "Transfer-Encoding: chunked");
        await connection.SendAsync("not a number\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, 10, "431")]
    [InlineData(4, 10_000, "431")]
    public async Task Too_many_or_too_large_headers_are_refused(int count, int bytes, string status)
    {
        await using var connection = await RawConnection.OpenAsync(edge.Client.BaseAddress!);
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', bytes)}\r\n"));
        await connection.SendAsync($"GET /alive HTTP/1.1\r\nHost: edge\r\n{headers}\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_long_an_address_is_refused()
    {
        await using var connection = await RawConnection.OpenAsync(edge.Client.BaseAddress!);
        await connection.SendAsync($"GET /boxes?device_id={new string('a', 5000)} HTTP/1.1\r\nHost: edge\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 414 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
