using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeCloud.ServiceDefaults;

/// <summary>What a service's OpenAPI document says beside its operations; a service registers one.</summary>
public sealed record ApiDescription
{
    public const string ReferencePrefix = "#/components/schemas/";

    public required string Title { get; init; }

    public required string Description { get; init; }

    /// <summary>What the service's own tags are for, by name, in the order in which they are shown.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>
    /// JSON Schemas by name that take the place of what is derived from the types of these names, since their JSON is
    /// written otherwise. They refer to each other as <see cref="ReferencePrefix"/> and a name.
    /// </summary>
    public JsonObject Schemas { get; init; } = [];

    /// <summary>AsyncAPI documents to show on the API page, by name: their addresses.</summary>
    public IReadOnlyDictionary<string, string> AsyncApis { get; init; } = new Dictionary<string, string>();
}

public static class ApiDescriptionExtensions
{
    /// <summary>Describes an operation's answers; those that are errors are problem details.</summary>
    /// <param name="endpoint">The operation.</param>
    /// <param name="answers">A status, and when it is the answer.</param>
    public static RouteHandlerBuilder WithAnswers(
        this RouteHandlerBuilder endpoint, params (int Status, string When)[] answers)
    {
        foreach (var (status, _) in answers.Where(answer => answer.Status >= StatusCodes.Status400BadRequest))
            endpoint.ProducesProblem(status);
        return endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var (status, when) in answers)
                operation.Responses![status.ToString(CultureInfo.InvariantCulture)].Description = when;
            return Task.CompletedTask;
        });
    }
}
