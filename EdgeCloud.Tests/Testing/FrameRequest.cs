using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeCloud.Tests.Testing;

/// <summary>The two forms of POST /frame, and POST /frame/unchanged.</summary>
internal static class FrameRequest
{
    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, object body) =>
        client.PostAsJsonAsync("/frame", body);

    public static Task<HttpResponseMessage> PostJpegAsync(this HttpClient client, byte[] jpeg, string query = "")
    {
        var content = new ByteArrayContent(jpeg);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return client.PostAsync($"/frame{query}", content);
    }

    public static Task<HttpResponseMessage> PostUnchangedAsync(this HttpClient client, object body) =>
        client.PostAsJsonAsync("/frame/unchanged", body);

    public static async Task<JsonElement> EventAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
