using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Phone;

/// <summary>Opens and closes the listener for phones: at the start where a setting says so, else when asked.</summary>
internal sealed partial class PhoneListener(
    IServiceProvider edge, Pairing pairing, PrivateFolder folder, IOptions<PhoneOptions> options, TimeProvider time,
    ILogger<PhoneListener> logger)
    : IHostedService, IAsyncDisposable
{
    private readonly SemaphoreSlim _changing = new(1);
    private Open? _open;

    /// <summary>Null while nothing listens.</summary>
    public Opened? Opened => Volatile.Read(ref _open)?.Opened;

    public Task StartAsync(CancellationToken cancellationToken) =>
        options.Value.Enabled ? OpenAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => CloseAsync(cancellationToken);

    /// <summary>Listens, if it does not yet.</summary>
    /// <exception cref="IOException">The port is taken, or a file cannot be read or written.</exception>
    /// <exception cref="ServiceDefaults.StartException">A file has something else than it should.</exception>
    public async Task<Opened> OpenAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (_open is { } before)
                return before.Opened;

            var certificate = new ListenerCertificate(folder, CertificateAuthority.Open(folder, time), time);
            _ = (certificate.Certificate, pairing.All);
            var site = PhoneSite.Create(edge, options.Value.Port, certificate, pairing);
            try
            {
                await site.StartAsync(cancellationToken);
            }
            catch
            {
                await site.DisposeAsync();
                throw;
            }

            var open = new Open(site, new Opened(certificate, PortOf(site)));
            Volatile.Write(ref _open, open);
            Log.Opened(logger, string.Join(", ", open.Opened.Addresses));
            return open.Opened;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Listens no longer; what phones are sending is ended.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (_open is not { } open)
                return;
            Volatile.Write(ref _open, null);
            await open.Site.StopAsync(cancellationToken);
            await open.Site.DisposeAsync();
            Log.Closed(logger);
        }
        finally
        {
            _changing.Release();
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync(CancellationToken.None);

    private static int PortOf(WebApplication site) => BindingAddress.Parse(
        site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.First()).Port;

    private sealed record Open(WebApplication Site, Opened Opened);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Phones find the edge at {Addresses}")]
        public static partial void Opened(ILogger logger, string addresses);

        [LoggerMessage(2, LogLevel.Information, "Phones do not find the edge any more")]
        public static partial void Closed(ILogger logger);
    }
}

/// <summary>A listener that is open.</summary>
internal sealed record Opened(ListenerCertificate Certificate, int Port)
{
    /// <summary>Where a phone finds it: names and addresses that are not this machine's for itself, the best first.
    /// </summary>
    public IReadOnlyList<string> Addresses
    {
        get
        {
            var names = Certificate.Names;
            return
            [
                .. names.Addresses.Where(static address => !System.Net.IPAddress.IsLoopback(address))
                    .Select(static address => address.ToString())
                    .Concat(names.Hosts.Where(static host => host != LanNames.Localhost))
                    .Select(AddressOf),
            ];
        }
    }

    /// <summary>Where the QR code leads. The token is in the fragment, which browsers do not send.</summary>
    public string PairingAddress(string token) => $"{Addresses[0]}{TrustPage.Path[1..]}#{token}";

    private string AddressOf(string host) => new UriBuilder(Uri.UriSchemeHttps, host, Port).Uri.AbsoluteUri;
}
