using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Zones;

/// <summary>GET and PUT /zones: those of one device, read and changed as a whole.</summary>
internal static class ZoneEndpoints
{
    public const string Tag = "Zones";

    private const int MaxBodyBytes = 64 * 1024;

    private const string DeviceParameter = "The device; the edge's default device when it is left out.";

    public static void AddZones(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ZoneOptions>().BindValidated(ZoneOptions.Section);
        builder.Services.AddSingleton<ZoneStore>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<ZoneStore>());
    }

    public static void MapZones(this WebApplication app)
    {
        app.MapGet("/zones", Get)
            .WithName("getZones").WithTags(Tag).WithSummary("The zones and lines of a device's picture")
            .Produces<DeviceZones>()
            .WithAnswers(
                (StatusCodes.Status200OK, "Those of the device, none where nobody has drawn any"),
                (StatusCodes.Status400BadRequest, "An invalid device_id"));
        app.MapPut("/zones", PutAsync)
            .WithName("putZones").WithTags(Tag).WithSummary("Changes the zones and lines of a device's picture")
            .WithDescription("All of them at once. The version is the one that they were read with.")
            .Accepts<DeviceZones>("application/json")
            .Produces<DeviceZones>()
            .WithAnswers(
                (StatusCodes.Status200OK, "What they are now, with their version"),
                (StatusCodes.Status400BadRequest, "Not JSON, an invalid device_id, or something that is no zone or "
                    + "line; the detail names it"),
                (StatusCodes.Status409Conflict, "Another version is the current one, or they come from a file that "
                    + "the edge cannot write"),
                (StatusCodes.Status413PayloadTooLarge, "More than 64 KiB"),
                (StatusCodes.Status415UnsupportedMediaType, "Not application/json"))
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
    }

    private static IResult Get(
        ZoneStore store, IOptions<FrameOptions> frames,
        [FromQuery(Name = "device_id"), Description(DeviceParameter)]
        [StringLength(DeviceId.MaxLength, MinimumLength = 1), RegularExpression(DeviceId.Pattern)]
        string? deviceId)
    {
        var device = deviceId ?? frames.Value.DefaultDeviceId;
        return DeviceId.IsValid(device)
            ? Ok(store.Map.Of(device))
            : FrameRejection.InvalidDeviceId().ToProblem();
    }

    private static async Task<IResult> PutAsync(
        HttpContext context, ZoneStore store, IOptions<FrameOptions> frames,
        [FromQuery(Name = "device_id"), Description(DeviceParameter)]
        [StringLength(DeviceId.MaxLength, MinimumLength = 1), RegularExpression(DeviceId.Pattern)]
        string? deviceId)
    {
        var device = deviceId ?? frames.Value.DefaultDeviceId;
        if (!DeviceId.IsValid(device))
            return FrameRejection.InvalidDeviceId().ToProblem();
        DeviceZones? zones;
        try
        {
            zones = await JsonSerializer.DeserializeAsync(
                context.Request.Body, ZoneJson.Default.DeviceZones, context.RequestAborted);
        }
        catch (JsonException exception)
        {
            return Invalid(ZoneJson.Describe(exception));
        }
        catch (BadHttpRequestException exception)
        {
            return Problem(exception.StatusCode, "Unreadable body", exception.Message);
        }

        if (zones is null)
            return Invalid("The body is null.");
        if (zones.DeviceId is { } named && named != device)
            return Invalid($"device_id is {device} in the address and another one in the body.");
        if (zones.Version is null)
            return Invalid("version is missing: it is the one that GET /zones answered.");
        var change = store.Change(device, zones);
        return change.Problem switch
        {
            ZoneProblem.Invalid => Invalid(change.Detail!),
            ZoneProblem.Outdated => Problem(StatusCodes.Status409Conflict, "Changed meanwhile", change.Detail!),
            ZoneProblem.NotKept => Problem(StatusCodes.Status409Conflict, "Not kept", change.Detail!),
            _ => Ok(change.Zones!),
        };
    }

    private static IResult Ok(DeviceZones zones) =>
        TypedResults.Text(JsonSerializer.Serialize(zones, ZoneJson.Default.DeviceZones), "application/json");

    private static IResult Invalid(string detail) =>
        Problem(StatusCodes.Status400BadRequest, "Invalid zones", detail);

    private static IResult Problem(int status, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title);
}
