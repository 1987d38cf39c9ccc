using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace EdgeCloud.Edge.Phone;

/// <summary>
/// What the machine's own user asks of the listener for phones: opens and closes it, shows its code, takes rights back.
/// Only programs on this machine and pages of the edge itself may ask.
/// </summary>
internal static class PhoneEndpoints
{
    public const string Tag = "Phones";

    private const string SvgType = "image/svg+xml";

    private static readonly (int Status, string When) NotFromHere =
        (StatusCodes.Status403Forbidden, "Asked from another machine, under another name than this machine's own, "
            + "or by a page from elsewhere");

    private static readonly (int Status, string When) NotKept =
        (StatusCodes.Status503ServiceUnavailable, "A file cannot be read or written, or the port is taken");

    public static void AddPhone(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PhoneOptions>().BindValidated(PhoneOptions.Section);
        builder.Services.AddSingleton(static services =>
            new PrivateFolder(services.GetRequiredService<IOptions<PhoneOptions>>().Value.Folder));
        builder.Services.AddSingleton<Pairing>();
        builder.Services.AddSingleton<PhoneListener>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<PhoneListener>());
    }

    public static void MapPhone(this WebApplication app)
    {
        var phone = app.MapGroup("/phone").WithTags(Tag)
            .WithMetadata(new DisableCorsAttribute())
            .AddEndpointFilter(OnlyFromHereAsync);
        phone.MapGet("", Show)
            .WithName("getPhone").WithSummary("Whether phones can connect, how, and which are paired")
            .Produces<PhoneStatus>()
            .WithAnswers((StatusCodes.Status200OK, "How it is"), NotFromHere, NotKept);
        phone.MapPost("", OpenAsync)
            .WithName("openPhone").WithSummary("Listens for phones, if the edge does not yet")
            .WithDescription("With HTTPS, on all addresses of the machine, until it is closed or the edge ends.")
            .Produces<PhoneStatus>()
            .WithAnswers((StatusCodes.Status200OK, "It listens"), NotFromHere, NotKept);
        phone.MapDelete("", CloseAsync)
            .WithName("closePhone").WithSummary("Listens for phones no longer")
            .WithDescription("Phones that are paired stay so.")
            .Produces<PhoneStatus>()
            .WithAnswers((StatusCodes.Status200OK, "It does not listen"), NotFromHere, NotKept);
        phone.MapPost("/revoke", RevokeAsync)
            .WithName("revokePhone").WithSummary("Takes the right to send from one phone or from all")
            .WithDescription("The code that was shown until now pairs no phone any more either; there is a new one.")
            .Produces<PhoneStatus>()
            .WithAnswers((StatusCodes.Status200OK, "Taken"), NotFromHere,
                (StatusCodes.Status404NotFound, "No phone is paired as this device"), NotKept);
        phone.MapGet("/code.svg", ShowCode)
            .WithName("getPhoneCode").WithSummary("The code that a phone scans to be paired, as a picture")
            .Produces(StatusCodes.Status200OK)
            .AddOpenApiOperationTransformer(DescribeCodeAsync)
            .WithAnswers((StatusCodes.Status200OK, "The code"), NotFromHere,
                (StatusCodes.Status404NotFound, "The edge does not listen for phones"));
    }

    /// <summary>
    /// By the connection, and by the name that was asked for: a page from elsewhere whose name has been made this
    /// machine's still says its own.
    /// </summary>
    private static async ValueTask<object?> OnlyFromHereAsync(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var (request, connection) = (invocation.HttpContext.Request, invocation.HttpContext.Connection);
        var isFromHere = connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(LanNames.Plain(remote));
        if (!isFromHere || !IsThisMachine(request.Host.Host)
            || (request.Headers.Origin is [_, ..] origin && origin != $"{request.Scheme}://{request.Host}"))
        {
            return Problem(
                StatusCodes.Status403Forbidden, "Not from here",
                "Ask on the machine that the edge runs on, as localhost, and from no other page than the edge's own.");
        }

        invocation.HttpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            return await next(invocation);
        }
        catch (Exception exception) when (exception
            is IOException and not BadHttpRequestException or UnauthorizedAccessException or StartException)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "Not possible", exception.Message);
        }
    }

    private static bool IsThisMachine(string host) =>
        host.Equals(LanNames.Localhost, StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static PhoneStatus Show(PhoneListener listener, Pairing pairing) =>
        PhoneStatus.Of(listener.Opened, pairing);

    private static async Task<PhoneStatus> OpenAsync(
        PhoneListener listener, Pairing pairing, CancellationToken cancellationToken) =>
        PhoneStatus.Of(await listener.OpenAsync(cancellationToken), pairing);

    private static async Task<PhoneStatus> CloseAsync(
        PhoneListener listener, Pairing pairing, CancellationToken cancellationToken)
    {
        await listener.CloseAsync(cancellationToken);
        return PhoneStatus.Of(null, pairing);
    }

    private static async Task<IResult> RevokeAsync(
        PhoneListener listener, Pairing pairing, CancellationToken cancellationToken,
        [Description("The phone; all of them when it is left out."), StringLength(Contract.DeviceId.MaxLength)]
        [RegularExpression(Contract.DeviceId.Pattern), FromQuery(Name = "device_id")]
        string? deviceId = null) =>
        await pairing.RevokeAsync(deviceId, cancellationToken) == 0 && deviceId is not null
            ? Problem(StatusCodes.Status404NotFound, "Not paired", $"No phone is paired as '{deviceId}'.")
            : TypedResults.Ok(PhoneStatus.Of(listener.Opened, pairing));

    private static IResult ShowCode(PhoneListener listener, Pairing pairing) =>
        listener.Opened is { } opened
            ? TypedResults.Text(PairingCode.Svg(opened.PairingAddress(pairing.Token)), SvgType)
            : Problem(StatusCodes.Status404NotFound, "Not listening", "The edge does not listen for phones.");

    private static Task DescribeCodeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        ((OpenApiResponse)operation.Responses!["200"]).Content = new Dictionary<string, OpenApiMediaType>
        {
            [SvgType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        };
        return Task.CompletedTask;
    }

    private static IResult Problem(int status, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title);
}

/// <summary>What GET /phone answers.</summary>
[Description("Whether phones can connect, how, and which are paired.")]
internal sealed record PhoneStatus
{
    [Description("Whether the edge listens for phones. Without it the next four are null.")]
    public required bool Listening { get; init; }

    [Description("Where phones find the edge, the best address first.")]
    public IReadOnlyList<string>? Addresses { get; init; }

    [Description("What the QR code says: whoever has it can pair a phone.")]
    public string? PairingAddress { get; init; }

    [Description("The QR code in half blocks, for a terminal that writes light on dark.")]
    public string? Code { get; init; }

    [Description("SHA-256 of the certificate authority's certificate.")]
    public string? AuthorityFingerprint { get; init; }

    [Description("The phones that are paired, in that order.")]
    public required IReadOnlyList<PairedPhone> Phones { get; init; }

    public static PhoneStatus Of(Opened? opened, Pairing pairing)
    {
        if (opened is null)
            return new PhoneStatus { Listening = false, Phones = pairing.All };
        var address = opened.PairingAddress(pairing.Token);
        return new PhoneStatus
        {
            Listening = true,
            Addresses = opened.Addresses,
            PairingAddress = address,
            Code = PairingCode.HalfBlocks(address),
            AuthorityFingerprint = opened.Certificate.Authority.Fingerprint,
            Phones = pairing.All,
        };
    }
}
