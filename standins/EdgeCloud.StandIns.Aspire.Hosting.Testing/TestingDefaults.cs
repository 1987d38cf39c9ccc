using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>How an application under test differs from one that is run: random ports, output to the loggers, the first launch profile's environment.</summary>
internal static class TestingDefaults
{
    private static readonly JsonDocumentOptions LaunchSettingsJson = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static void Apply(
        Assembly? program, string[] args, DistributedApplicationOptions options, HostApplicationBuilderSettings settings,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder)
    {
        options.Args = [.. options.Args ?? [], .. args];
        options.AssemblyName = program?.GetName().Name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        settings.ContentRootPath = DistributedApplicationBuilder.ProjectDirectory(program);
        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection([new("DcpPublisher:RandomizePorts", "true")]);
        settings.Configuration.AddInMemoryCollection(LaunchProfile(settings.ContentRootPath).DistinctBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase));
        configureBuilder(options, settings);
    }

    private static IEnumerable<KeyValuePair<string, string?>> LaunchProfile(string? projectDirectory)
    {
        var file = Path.Combine(projectDirectory ?? "", "Properties", "launchSettings.json");
        if (projectDirectory is null || !File.Exists(file)) yield break;

        using var document = JsonDocument.Parse(File.ReadAllText(file), LaunchSettingsJson);
        var first = document.RootElement.GetProperty("profiles").EnumerateObject().FirstOrDefault();
        if (first.Value.ValueKind != JsonValueKind.Object || !first.Value.TryGetProperty("environmentVariables", out var variables)) yield break;

        foreach (var variable in variables.EnumerateObject())
        {
            yield return new(variable.Name, variable.Value.GetString());
            // The host reads these two families without their prefix.
            foreach (var prefix in (IEnumerable<string>)["DOTNET_", "ASPNETCORE_"])
            {
                if (variable.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    yield return new(variable.Name[prefix.Length..], variable.Value.GetString());
            }
        }
    }
}
