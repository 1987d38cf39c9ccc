using System.Net.Mime;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Scalar.AspNetCore;

namespace EdgeCloud.ServiceDefaults;

/// <summary>The OpenAPI document of a service, /openapi/v1.json, and the page that shows it, /scalar.</summary>
internal static class ApiDocument
{
    private const string Problem = "ProblemDetails";
    private const string HealthTag = "Health";
    private const string MetricsTag = "Metrics";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(static options =>
    {
        options.AddSchemaTransformer(CompleteAsync);
        options.AddDocumentTransformer(DescribeAsync);
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference(options =>
        {
            var description = app.Services.GetRequiredService<ApiDescription>();

            // The page is all in this service: no fonts, chat or counting elsewhere, which a device may not reach.
            options.WithTitle(description.Title).DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp()
                .HideClientButton().HideDeveloperTools();
            options.AddDocument("v1", "HTTP");
            foreach (var (name, address) in description.AsyncApis)
                options.AddAsyncApiDocument(name, name, address);
        });
    }

    /// <summary>What the types say and the framework's schema of them does not.</summary>
    private static Task CompleteAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && type.IsValueType && schema.Properties is not null)
            schema.Required = schema.Properties.Keys.ToHashSet();
        if (schema.Enum is { Count: > 0 })
            schema.Type ??= JsonSchemaType.String;
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var description = context.ApplicationServices.GetRequiredService<ApiDescription>();
        document.Info = new OpenApiInfo
        {
            Title = description.Title,
            Description = description.Description,
            Version = "1.0.0",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // Relative to where the document was read: a service is reached by many names.
        document.Servers = [new OpenApiServer { Url = "/", Description = "Where this document is from" }];
        AddSchemas(document, description.Schemas);
        AddPaths(document);
        document.Tags = description.Tags
            .Append(new(HealthTag, "Whether the service lives and is ready."))
            .Append(new(MetricsTag, "What the service measures."))
            .Select(tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }).ToHashSet();
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            operation.Security = [];
            operation.Responses!["4XX"] = new OpenApiResponse
            {
                Description = "Rejected by the web server before the operation, without a body: a request line longer "
                    + $"than {HttpLimits.MaxRequestLineBytes} bytes (414), more than {HttpLimits.MaxHeaders} headers "
                    + $"or {HttpLimits.MaxHeadersBytes} bytes of them (431), headers that take too long (408), "
                    + "what is not HTTP (400).",
            };
        }

        return Task.CompletedTask;
    }

    private static void AddSchemas(OpenApiDocument document, JsonObject schemas)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        foreach (var (name, schema) in schemas.Append(new(Problem, ProblemSchema())))
        {
            document.Components.Schemas[name] = OpenApiModelFactory.Parse<OpenApiSchema>(
                schema!.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out _, OpenApiConstants.Json)!;
        }
    }

    private static JsonNode ProblemSchema() => JsonNode.Parse("""
        {
          "description": "What is wrong, as RFC 9457 has it.",
          "type": "object",
          "required": ["title", "status"],
          "properties": {
            "type": { "description": "What the status means, as a URI.", "type": "string" },
            "title": { "description": "What is wrong, in few words.", "type": "string" },
            "status": { "description": "The status of the answer.", "type": "integer",
              "minimum": 400, "maximum": 599 },
            "detail": { "description": "What is wrong with this request.", "type": "string" },
            "traceId": { "description": "The trace of the request, as in the service's log.", "type": "string" }
          }
        }
        """)!;

    /// <summary>Those that the framework maps without describing them.</summary>
    private static void AddPaths(OpenApiDocument document)
    {
        Add(Extensions.HealthPath, HealthTag, "getHealth", "Whether the service is ready", new()
        {
            ["200"] = Text("Ready; degraded while something that it can do without is missing. With verbose, a line "
                + "for each check follows", $"^({HealthStatus.Healthy}|{HealthStatus.Degraded})"),
            ["503"] = Text("Not ready", $"^{HealthStatus.Unhealthy}"),
        });
        document.Paths[Extensions.HealthPath].Operations![HttpMethod.Get].Parameters =
        [
            new OpenApiParameter
            {
                Name = "verbose",
                In = ParameterLocation.Query,
                Description = "Asks what each check found, whatever the value.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        ];
        Add(Extensions.LivenessPath, HealthTag, "getLiveness", "Whether the process answers", new()
        {
            ["200"] = Text("It does", $"^{HealthStatus.Healthy}$"),
        });
        Add(Extensions.MetricsPath, MetricsTag, "getMetrics", "Everything measured, as Prometheus reads it", new()
        {
            ["200"] = Text("The metrics"),
        });

        void Add(string path, string tag, string id, string summary, OpenApiResponses responses) =>
            document.Paths.Add(path, new OpenApiPathItem
            {
                Operations = new()
                {
                    [HttpMethod.Get] = new OpenApiOperation
                    {
                        OperationId = id,
                        Summary = summary,
                        Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
                        Responses = responses,
                    },
                },
            });
    }

    private static OpenApiResponse Text(string description, string? pattern = null) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [MediaTypeNames.Text.Plain] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Pattern = pattern,
                },
            },
        },
    };
}
