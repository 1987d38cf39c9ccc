using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.Tests.Tools;

/// <summary>What is behind a forwarded port: a service that answers, or a pod that is gone.</summary>
internal sealed class ForwardedPod : IAsyncDisposable
{
    private readonly WebApplication _app = LocalServer.Create();
    private volatile bool _isGone;

    private ForwardedPod() => _app.MapGet("/alive", (HttpContext context) =>
    {
        if (_isGone)
            context.Abort();
        return "Healthy";
    });

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>kubectl still accepts connections then, and cuts them.</summary>
    public bool IsGone
    {
        get => _isGone;
        set => _isGone = value;
    }

    public static async Task<ForwardedPod> StartAsync()
    {
        var pod = new ForwardedPod();
        await pod._app.StartAsync();
        return pod;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
