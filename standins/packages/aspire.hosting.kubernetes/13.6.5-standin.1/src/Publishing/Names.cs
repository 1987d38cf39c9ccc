using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Kubernetes.Publishing;

/// <summary>What Aspire calls things in a chart.</summary>
internal static class Names
{
    public static string Deployment(IResource resource) => Object(resource, "deployment");

    public static string StatefulSet(IResource resource) => Object(resource, "statefulset");

    public static string Service(IResource resource) => Object(resource, "service");

    public static string Config(IResource resource) => Object(resource, "config");

    /// <summary>A section of values.yaml must not contain hyphens.</summary>
    public static string Section(IResource resource) => Section(resource.Name);

    public static string Section(string name) => name.Replace('-', '_');

    public static string Value(string section, IResource resource, string key) =>
        $"{{{{ .Values.{section}.{Section(resource)}.{Section(key)} }}}}";

    private static string Object(IResource resource, string kind) => $"{resource.Name.ToLowerInvariant()}-{kind}";
}
