using System.Diagnostics.Metrics;
using System.Security.Authentication;
using EdgeCloud.Edge.Frames;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Phone;

/// <summary>
/// The listener for phones: a web server of its own beside that of the edge, so that what is not mapped here cannot be
/// reached from the network, whatever the edge maps.
/// </summary>
internal static class PhoneSite
{
    public static readonly string PageFolder = Path.Combine(AppContext.BaseDirectory, "wwwroot-camera");

    /// <param name="edge">The edge's services.</param>
    /// <param name="port">Where to listen, on all addresses; 0 is any free port.</param>
    /// <param name="certificate">What to listen with.</param>
    /// <param name="pairing">Who may send.</param>
    public static WebApplication Create(
        IServiceProvider edge, int port, ListenerCertificate certificate, Pairing pairing)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = PageFolder });
        builder.Services.AddSingleton(edge.GetRequiredService<ILoggerFactory>());

        // With meters of its own, which end with it, the edge's requests would be measured no more from then on.
        builder.Services.Replace(ServiceDescriptor.Singleton(edge.GetRequiredService<IMeterFactory>()));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, EndsWithTheEdge>());
        builder.Services.AddRouting();
        builder.Services.AddRequestTimeouts();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            edge.GetRequiredService<IOptions<HttpLimits>>().Value.ApplyTo(kestrel.Limits);
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(port, listen => listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificateSelector = (_, _) => certificate.Certificate,
                SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            }));
        });

        var site = builder.Build();
        ((IApplicationBuilder)site).UseRequestSpans(edge.GetRequiredService<IConfiguration>());
        site.Use(SayWhatCannotBeKeptAsync);
        site.Use(new PhoneGuard(certificate, pairing).InvokeAsync);
        site.UseRequestTimeouts();
        new TrustPage(certificate, pairing, new GuessLimit(edge.GetRequiredService<TimeProvider>())).Map(site);
        new ThisPhone(pairing).Map(site);
        var posts = new FramePosts(edge, edge.GetRequiredService<FrameProcess>());
        posts.MapFrame(site);
        posts.MapUnchanged(site);
        MapPage(site);
        return site;
    }

    private static void MapPage(WebApplication site)
    {
        var options = new FileServerOptions { FileProvider = new PhysicalFileProvider(PageFolder) };
        options.DefaultFilesOptions.DefaultFileNames = ["camera.html"];
        options.StaticFileOptions.OnPrepareResponse = static file =>
            file.Context.Response.Headers.CacheControl = "no-cache";
        site.UseFileServer(options);
    }

    private static async Task SayWhatCannotBeKeptAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted
            && exception is IOException and not BadHttpRequestException or UnauthorizedAccessException)
        {
            await PhoneGuard.RefuseAsync(
                context, StatusCodes.Status503ServiceUnavailable, "Not kept", exception.Message);
        }
    }

    /// <summary>The edge hears of signals, and stops this with itself.</summary>
    private sealed class EndsWithTheEdge : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
