using System.Net;

namespace EdgeCloud.Cli;

/// <summary>
/// The proxy that the environment names, but for what is on this machine, which a proxy would look for on its own. By
/// no_proxy alone, 127.0.0.2 and [::1] would have to be named in every spelling.
/// </summary>
internal sealed class NoProxyForLoopback(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
}
