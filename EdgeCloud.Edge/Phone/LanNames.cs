using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace EdgeCloud.Edge.Phone;

/// <summary>By which names and addresses this machine is reached from its local network, and from itself.</summary>
/// <param name="Hosts">Names.</param>
/// <param name="Addresses">Private addresses alone; the one that a phone would best use is the first.</param>
internal sealed record LanNames(IReadOnlyList<string> Hosts, IReadOnlyList<IPAddress> Addresses)
{
    public const string Localhost = "localhost";

    /// <summary>The domain of multicast DNS (RFC 6762).</summary>
    public const string Local = "local";

    /// <summary>
    /// What the authority may sign for: private networks (RFC 1918), those of carriers and overlays (RFC 6598), unique
    /// local ones (RFC 4193), and this machine.
    /// </summary>
    public static readonly IReadOnlyList<IPNetwork> Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("::1/128"),
    ];

    /// <summary>Where a packet would leave for the world; none is sent, since the address is for documents.</summary>
    private static readonly IPEndPoint Elsewhere = new(IPAddress.Parse("203.0.113.1"), 9);

    /// <summary>Of this machine at this moment.</summary>
    public static LanNames Find()
    {
        var outgoing = Outgoing();
        var addresses =
            from network in NetworkInterface.GetAllNetworkInterfaces()
            where network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
            let properties = network.GetIPProperties()
            from unicast in properties.UnicastAddresses
            let address = unicast.Address
            where IsPrivate(address)
            orderby IPAddress.IsLoopback(address), !address.Equals(outgoing),
                address.AddressFamily != AddressFamily.InterNetwork, properties.GatewayAddresses.Count == 0,
                address.ToString()
            select address;
        return new LanNames([Localhost, $"{MachineName}.{Local}"], [.. addresses.Distinct()]);
    }

    /// <summary>Its first label.</summary>
    public static string MachineName => Environment.MachineName.Split('.')[0].ToLowerInvariant();

    public static bool IsPrivate(IPAddress address)
    {
        var plain = Plain(address);
        return Private.Any(network => network.Contains(plain));
    }

    /// <returns>The IPv4 address that an IPv6 socket shows in its own form.</returns>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <param name="host">As in a request, without its port.</param>
    public bool Contains(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address)
        ? Addresses.Contains(address)
        : Hosts.Contains(host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase);

    public bool IsSameAs(LanNames other) =>
        Hosts.SequenceEqual(other.Hosts) && Addresses.ToHashSet().SetEquals(other.Addresses);

    private static IPAddress? Outgoing()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(Elsewhere);
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
