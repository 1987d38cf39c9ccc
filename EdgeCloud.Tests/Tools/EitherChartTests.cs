using EdgeCloud.Cli.Publishing;

namespace EdgeCloud.Tests.Tools;

public sealed class EitherChartTests
{
    private const string Postgres = """{{- if eq .Values.history.engine "Postgres" }}""";

    private readonly Dictionary<string, string> _chart = EitherChart.Of(
        new Dictionary<string, string>
        {
            ["Chart.yaml"] = "name: \"edgecloud\"\n",
            ["values.yaml"] = "config:\n  server:\n    same: \"1\"\n    store: \"file\"\n",
            ["templates/server/claim.yaml"] = "---\nclaim\n",
            ["templates/server/server.yaml"] = "---\nspec:\n  replicas: 1\n",
        },
        new Dictionary<string, string>
        {
            ["Chart.yaml"] = "name: \"edgecloud\"\n",
            ["values.yaml"] = "config:\n  server:\n    same: \"1\"\n    store: \"shared\"\n  db:\n    port: 5432\n",
            ["templates/db/db.yaml"] = "---\ndb\n",
            ["templates/server/server.yaml"] = "---\nspec:\n  replicas: 2\n",
        });

    [Fact]
    public void What_one_engine_alone_needs_is_rendered_with_it_alone()
    {
        Assert.Equal("name: \"edgecloud\"\n", _chart["Chart.yaml"]);
        Assert.Equal($"{Postgres}\n---\ndb\n{{{{- end }}}}\n", _chart["templates/db/db.yaml"]);
        Assert.Equal(
            $"{Postgres.Replace("eq", "ne")}\n---\nclaim\n{{{{- end }}}}\n", _chart["templates/server/claim.yaml"]);
    }

    [Fact]
    public void A_file_servers_share_takes_the_number_of_servers_from_the_values()
    {
        Assert.Equal(
            $$$"""
            {{{Postgres}}}
            ---
            spec:
              replicas: {{ .Values.server.replicas }}
            {{- else }}
            ---
            spec:
              replicas: 1
            {{- end }}

            """.ReplaceLineEndings("\n"),
            _chart["templates/server/server.yaml"]);
        Assert.Contains("server.replicas must be 1", _chart["templates/checks.yaml"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_values_are_those_of_the_file_and_the_overlay_says_what_differs()
    {
        Assert.Equal(
            """
            config:
              server:
                same: "1"
                store: "file"
            history:
              engine: "Sqlite"
            server:
              replicas: 1
            edge:
              sources: []
              zones: {}

            """.ReplaceLineEndings("\n"), _chart["values.yaml"]);
        Assert.EndsWith(
            """

            config:
              server:
                store: "shared"
              db:
                port: 5432
            history:
              engine: "Postgres"
            server:
              replicas: 2

            """.ReplaceLineEndings("\n"), _chart["values-postgres.yaml"], StringComparison.Ordinal);
    }
}
