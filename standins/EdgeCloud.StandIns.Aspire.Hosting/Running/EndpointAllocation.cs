using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>Gives every endpoint its address. There is no proxy: the stable port is the one that the process itself binds.</summary>
internal static class EndpointAllocation
{
    public static void Allocate(IEnumerable<IResource> resources, bool randomizePorts)
    {
        // Held until all are given out, so that no two endpoints get the same free port.
        var held = new List<TcpListener>();
        try
        {
            foreach (var resource in resources.OfType<IResourceWithEndpoints>())
            {
                foreach (var endpoint in resource.GetEndpoints())
                {
                    var annotation = endpoint.EndpointAnnotation;
                    var port = FixedPort(resource, annotation, randomizePorts) ?? FreePort(held);
                    var target = resource is ContainerResource ? annotation.TargetPort ?? annotation.Port : port;
                    annotation.AllocatedEndpoint = new(annotation, annotation.TargetHost, port, target?.ToString(CultureInfo.InvariantCulture));
                    resource.Annotations.Add(UrlOf(resource, endpoint));
                }
            }
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }
    }

    /// <summary>Null when the port is free on the loopback interfaces, otherwise the reason that it is not.</summary>
    public static string? WhyNotFree(int port)
    {
        foreach (var address in (IEnumerable<IPAddress>)[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6) continue;
            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }
            catch (SocketException exception) when (exception.SocketErrorCode != SocketError.AddressNotAvailable)
            {
                return exception.SocketErrorCode == SocketError.AddressAlreadyInUse ? "another process listens there" : exception.Message;
            }
        }

        return null;
    }

    private static int? FixedPort(IResource resource, EndpointAnnotation endpoint, bool randomizePorts) => resource switch
    {
        ContainerResource => randomizePorts ? null : endpoint.Port,
        // A process that is not told its port binds the one it was written for, whatever the application would like.
        ExecutableResource when endpoint is { PortVariable: null, TargetPort: { } target } => target,
        _ => randomizePorts ? null : endpoint.Port ?? endpoint.TargetPort,
    };

    private static int FreePort(List<TcpListener> held)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        held.Add(listener);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static ResourceUrlAnnotation UrlOf(IResource resource, EndpointReference endpoint)
    {
        var url = new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint };
        foreach (var adjust in resource.Annotations.OfType<EndpointUrlCallbackAnnotation>().Where(adjust => adjust.EndpointName == endpoint.EndpointName))
            adjust.Callback(url);

        // A path of its own is meant relative to the endpoint.
        if (url.Url.StartsWith('/')) url.Url = endpoint.Url + url.Url;
        return url;
    }
}
