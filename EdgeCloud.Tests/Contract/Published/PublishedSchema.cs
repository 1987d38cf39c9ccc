using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>A JSON Schema as others read it: with formats, and nothing of ours.</summary>
internal sealed class PublishedSchema
{
    private static readonly EvaluationOptions Strict = new()
    {
        OutputFormat = OutputFormat.List,
        RequireFormatValidation = true,
    };

    private readonly JsonSchema _schema;

    /// <param name="schema">A document, or part of one.</param>
    /// <param name="definitions">What its references are to, by name, when it is part of one.</param>
    public PublishedSchema(JsonNode schema, JsonNode? definitions = null)
    {
        var document = schema.DeepClone().AsObject();
        if (definitions is not null)
            document["$defs"] = definitions.DeepClone();

        // Each a document of its own, so that two with one name can be there at once.
        document.Remove("$id");
        var text = document.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        _schema = JsonSchema.FromText(text);
    }

    /// <returns>What is wrong with the JSON, or nothing.</returns>
    public string Problems(JsonElement json)
    {
        var result = _schema.Evaluate(json, Strict);
        if (result.IsValid)
            return "";
        var problems = (result.Details ?? []).Where(detail => detail.Errors is { Count: > 0 }).SelectMany(detail =>
            detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Key}: {error.Value}"));
        return string.Join("; ", problems.DefaultIfEmpty("not valid"));
    }
}
