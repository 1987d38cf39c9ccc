using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>The arguments with which docker or podman runs a container resource in the foreground.</summary>
internal static class ContainerCommandLine
{
    public static IReadOnlyList<string> Run(
        ContainerResource container, string containerName, string network, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        List<string> line = ["run", "--rm", "--name", containerName, "--network", network, "--network-alias", container.Name];
        foreach (var endpoint in container.GetEndpoints())
            line.AddRange("-p", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{endpoint.Port}:{endpoint.TargetPort ?? endpoint.Port}"));

        foreach (var (name, value) in environment)
            line.AddRange("-e", $"{name}={value}");

        foreach (var mount in container.Annotations.OfType<ContainerMountAnnotation>())
            line.AddRange("-v", $"{(mount.Source is null ? "" : mount.Source + ":")}{mount.Target}{(mount.IsReadOnly ? ":ro" : "")}");

        if (container.Entrypoint is { } entrypoint) line.AddRange("--entrypoint", entrypoint);

        line.Add(container.Annotations.OfType<ContainerImageAnnotation>().Last().Reference);
        line.AddRange(arguments);
        return line;
    }

    private static void AddRange(this List<string> line, params ReadOnlySpan<string> arguments) => CollectionExtensions.AddRange(line, arguments);
}
