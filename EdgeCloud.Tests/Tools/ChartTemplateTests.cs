using EdgeCloud.Cli.Publishing;

namespace EdgeCloud.Tests.Tools;

public sealed class ChartTemplateTests
{
    private readonly ChartTemplate _template = new(
        """
        parameters:
          edge:
            edge_image: "edgecloud-edge:dev"
            port_http: 8080
        secrets: {}
        """, "edgecloud", "somewhere");

    [Theory]
    [InlineData("\"{{ .Values.parameters.edge.edge_image }}\"", "\"edgecloud-edge:dev\"")]
    [InlineData("port: {{ .Values.parameters.edge.port_http | int }}", "port: 8080")]
    [InlineData("{{.Values.parameters.edge.port_http|toString}}", "8080")]
    [InlineData("{{ .Chart.Name }} {{ .Release.Name }} {{ .Release.Namespace }}", "edgecloud edgecloud somewhere")]
    [InlineData("{{ `{{outcome}}` }} and {{ `{{ $labels.job }}` }}", "{{outcome}} and {{ $labels.job }}")]
    [InlineData("{ \"a\": { } }", "{ \"a\": { } }")]
    public void What_Aspires_charts_use_is_rendered_as_Helm_does(string template, string expected) =>
        Assert.Equal(expected, _template.Render(template));

    [Theory]
    [InlineData("{{ .Values.parameters.server.server_image }}", ".Values.parameters.server.server_image")]
    [InlineData("{{ .Values.secrets }}", ".Values.secrets")]
    [InlineData("{{ if .Values.parameters }}x{{ end }}", "if .Values.parameters")]
    [InlineData("{{ .Values.parameters.edge.port_http | quote }}", "| quote")]
    [InlineData("{{ outcome }}", "outcome")]
    public void Anything_else_is_refused_by_name(string template, string named) =>
        Assert.Contains(
            named, Assert.Throws<FormatException>(() => _template.Render(template)).Message, StringComparison.Ordinal);
}
