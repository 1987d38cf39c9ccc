using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Phone;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Testing;

/// <summary>An edge that listens for phones, and the phones.</summary>
public sealed class PhoneScene : IAsyncLifetime, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedBroker _broker = new(partitions: 6, DetectionTopic.Name, PresenceTopic.Name);

    internal EdgeApplication Application { get; private set; } = null!;

    /// <summary>The edge as the machine's own user asks it.</summary>
    public HttpClient Edge { get; private set; } = null!;

    /// <summary>The listener for phones, by the name that the browser of this machine knows.</summary>
    public Uri Address { get; private set; } = null!;

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal FakeLogCollector Logs { get; } = FakeLogCollector.Create(new FakeLogCollectorOptions());

    internal string BootstrapServers => _broker.BootstrapServers;

    public string FolderOfPhones => _folder.File("phone");

    public async Task InitializeAsync()
    {
        Application = Create();
        Edge = Application.CreateClient();
        await Application.ReadyAsync();
        await OpenAsync();
    }

    /// <summary>The edge ends and starts anew, with the same files.</summary>
    public async Task RestartAsync()
    {
        await Application.DisposeAsync();
        await InitializeAsync();
    }

    public async Task OpenAsync()
    {
        using var answer = await Edge.PostAsync("/phone", null);
        var opened = await answer.EventAsync();
        Address = new UriBuilder(opened.GetProperty("addresses")[0].GetString()!) { Host = "localhost" }.Uri;
    }

    /// <summary>What the QR code says behind the address.</summary>
    public async Task<string> TokenAsync()
    {
        var status = await Edge.GetFromJsonAsync<JsonElement>("/phone");
        return status.GetProperty("pairing_address").GetString()!.Split('#')[1];
    }

    /// <summary>A phone that trusts the authority and nobody else, and is not paired yet.</summary>
    /// <param name="goesOn">Past every warning, as a person may.</param>
    public HttpClient Phone(bool goesOn = false)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
        trust.RevocationMode = X509RevocationMode.NoCheck;
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(
            Application.Services.GetRequiredService<PhoneListener>().Opened!.Certificate.Authority.Der));
        var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer() };
        handler.SslOptions.CertificateChainPolicy = trust;
        if (goesOn)
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        return new HttpClient(handler) { BaseAddress = Address };
    }

    /// <summary>A phone that is paired, and its device id.</summary>
    public async Task<(HttpClient Phone, string DeviceId)> PairedAsync()
    {
        var phone = Phone();
        using var answer = await PairAsync(phone, await TokenAsync());
        return (phone, (await answer.EventAsync()).GetProperty("device_id").GetString()!);
    }

    public static Task<HttpResponseMessage> PairAsync(HttpClient phone, string token) =>
        phone.PostAsJsonAsync("/trust/pair", new { token });

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        _broker.Dispose();
        _folder.Dispose();
    }

    private EdgeApplication Create() => new(_broker.BootstrapServers, new Dictionary<string, string?>
    {
        ["Edge:Phone:Folder"] = FolderOfPhones,
        ["Edge:Phone:Port"] = "0",
        ["Edge:Frames:FrameFile"] = "",
        ["Edge:Inference:Pose"] = "Off",
        ["Logging:LogLevel:Default"] = "Trace",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
    })
    {
        Time = Time,
        Logs = Logs,
    };
}
