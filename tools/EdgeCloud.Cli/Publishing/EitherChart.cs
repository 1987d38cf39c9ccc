using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace EdgeCloud.Cli.Publishing;

/// <summary>
/// One chart of two: the application with its history in a file, and, with values-postgres.yaml, with a PostgreSQL that
/// any number of servers share. Aspire's publisher knows no conditions, so it is run for each.
/// </summary>
internal static partial class EitherChart
{
    public const string ValuesFile = "values.yaml";

    private const string SharedValuesFile = "values-postgres.yaml";
    private const string ChecksFile = "templates/checks.yaml";
    private const string SourcesFile = "templates/edge/sources.yaml";
    private const string ZonesFile = "templates/edge/zones.yaml";
    private const string ServerFile = "templates/server/server.yaml";

    private const string IfShared = """{{- if eq .Values.history.engine "Postgres" }}""";
    private const string IfNot = """{{- if ne .Values.history.engine "Postgres" }}""";

    private const string Switches = """
        history:
          engine: "{0}"
        server:
          replicas: {1}

        """;

    private const string EdgeValues = """
        edge:
          sources: []
          zones: {}

        """;

    /// <summary>The Secret that the edge's pod reads when it is there.</summary>
    private const string Sources = """
        {{- if .Values.edge.sources }}
        ---
        apiVersion: "v1"
        kind: "Secret"
        metadata:
          name: "edge-sources"
          namespace: "{{ .Release.Namespace }}"
          labels:
            app.kubernetes.io/name: "{{ .Chart.Name }}"
            app.kubernetes.io/component: "edge"
            app.kubernetes.io/instance: "{{ .Release.Name }}"
        stringData:
        {{- range $index, $source := .Values.edge.sources }}
        {{- range $key, $value := $source }}
          Edge__Sources__{{ $index }}__{{ $key }}: {{ $value | toString | quote }}
        {{- end }}
        {{- end }}
        {{- end }}

        """;

    /// <summary>The ConfigMap likewise.</summary>
    private const string Zones = """
        {{- if .Values.edge.zones }}
        ---
        apiVersion: "v1"
        kind: "ConfigMap"
        metadata:
          name: "edge-zones"
          namespace: "{{ .Release.Namespace }}"
          labels:
            app.kubernetes.io/name: "{{ .Chart.Name }}"
            app.kubernetes.io/component: "edge"
            app.kubernetes.io/instance: "{{ .Release.Name }}"
        data:
          zones.json: {{ dict "devices" .Values.edge.zones | toJson | quote }}
        {{- end }}

        """;

    private const string SharedHead = """
        # In place of a file a PostgreSQL, which any number of servers share:
        #   kubectl -n edgecloud create secret generic postgres --from-literal=password="$(openssl rand -hex 16)"
        #   helm install edgecloud manifests/chart -n edgecloud --values manifests/chart/values-postgres.yaml

        """;

    private const string Checks = $$$"""
        {{{IfShared}}}
        {{- if not .Values.config.postgres }}
        {{- fail "history.engine is Postgres: install with --values manifests/chart/values-postgres.yaml" }}
        {{- end }}
        {{- else if ne .Values.history.engine "Sqlite" }}
        {{- fail "history.engine must be Sqlite or Postgres" }}
        {{- else if ne (int .Values.server.replicas) 1 }}
        {{- fail "server.replicas must be 1, or install with --values manifests/chart/values-postgres.yaml" }}
        {{- end }}

        """;

    /// <param name="file">The files of the chart with a file, by their paths in it.</param>
    /// <param name="shared">And of the one with a PostgreSQL.</param>
    public static Dictionary<string, string> Of(
        IReadOnlyDictionary<string, string> file, IReadOnlyDictionary<string, string> shared)
    {
        var chart = file.Keys.Union(shared.Keys).Where(name => name != ValuesFile).ToDictionary(
            name => name, name => Either(file.GetValueOrDefault(name), shared.GetValueOrDefault(name)));
        chart[ServerFile] = SharedReplicas().Replace(chart[ServerFile], "  replicas: {{ .Values.server.replicas }}");
        chart[ChecksFile] = Lines(Checks);
        chart[SourcesFile] = Lines(Sources);
        chart[ZonesFile] = Lines(Zones);
        chart[ValuesFile] = file[ValuesFile] + Lines(string.Format(null, Switches, "Sqlite", 1)) + Lines(EdgeValues);
        chart[SharedValuesFile] = Lines(SharedHead) + Difference(file[ValuesFile], shared[ValuesFile])
            + Lines(string.Format(null, Switches, "Postgres", 2));
        return chart;
    }

    private static string Either(string? file, string? shared) =>
        file == shared ? file!
        : file is null ? $"{IfShared}\n{shared}{{{{- end }}}}\n"
        : shared is null ? $"{IfNot}\n{file}{{{{- end }}}}\n"
        : $"{IfShared}\n{shared}{{{{- else }}}}\n{file}{{{{- end }}}}\n";

    /// <returns>What the other values say that these do not.</returns>
    private static string Difference(string values, string other) =>
        new SerializerBuilder().WithNewLine("\n").Build().Serialize(Difference(Parse(values), Parse(other)));

    private static YamlMappingNode Difference(YamlMappingNode values, YamlMappingNode other)
    {
        var difference = new YamlMappingNode();
        foreach (var (key, said) in other)
        {
            var known = values.Children.TryGetValue(key, out var before) ? before : null;
            if (said.Equals(known))
                continue;
            difference.Add(key, (known, said) is (YamlMappingNode both, YamlMappingNode inner)
                ? Difference(both, inner)
                : said);
        }

        return difference;
    }

    private static YamlMappingNode Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n");

    /// <summary>Of the one of the two that is not one.</summary>
    [GeneratedRegex("^  replicas: [2-9]$", RegexOptions.Multiline)]
    private static partial Regex SharedReplicas();
}
