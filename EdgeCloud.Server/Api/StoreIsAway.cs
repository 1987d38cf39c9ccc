using System.Data.Common;
using EdgeCloud.Sql;

namespace EdgeCloud.Server.Api;

/// <summary>What is answered while the store is away.</summary>
internal static class StoreIsAway
{
    private const string RetryAfterSeconds = "1";

    /// <summary>503 for whatever asks the store, unless its answer has begun.</summary>
    public static void UseStoreIsAway(this WebApplication app)
    {
        var engine = app.Services.GetRequiredService<SqlEngine>().Name;
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (DbException exception) when (!context.Response.HasStarted)
            {
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                await TypedResults.Problem(
                    exception.Message, statusCode: StatusCodes.Status503ServiceUnavailable,
                    title: $"The history ({engine}) is away").ExecuteAsync(context);
            }
        });
    }
}
