using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Text.Json;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Phone;

public sealed class PhoneEndpointTests
{
    /// <summary>The state, as Linux has it.</summary>
    private const string Listening = "0A";

    [Fact]
    public async Task Nothing_listens_beyond_loopback_until_it_is_asked_to_and_nothing_when_it_is_closed()
    {
        using var folder = new TemporaryFolder();
        await using var edge = await EdgeProcess.StartAsync(
            "127.0.0.1:1", folder.File("outbox.db"), "--Edge:Phone:Port=0",
            $"--Edge:Phone:Folder={folder.File("phone")}");
        Assert.Empty(BeyondLoopback(edge.Id));
        Assert.False(Directory.Exists(folder.File("phone")));

        await edge.Client.PostAsync("/phone", null);
        var port = Assert.Single(BeyondLoopback(edge.Id));
        var status = await edge.Client.GetFromJsonAsync<JsonElement>("/phone");
        Assert.Equal(port, new Uri(status.GetProperty("addresses")[0].GetString()!).Port);

        await edge.Client.DeleteAsync("/phone");
        Assert.Empty(BeyondLoopback(edge.Id));
        Assert.False((await edge.Client.GetFromJsonAsync<JsonElement>("/phone")).GetProperty("listening").GetBoolean());
    }

    [Fact]
    public async Task Requests_of_the_edge_are_measured_also_after_it_was_closed()
    {
        // A process of its own, since the meters of all edges in one process are read together, and end together.
        using var folder = new TemporaryFolder();
        await using var edge = await EdgeProcess.StartAsync(
            "127.0.0.1:1", folder.File("outbox.db"), "--Edge:Phone:Port=0", "--Edge:Phone:Enabled=true",
            $"--Edge:Phone:Folder={folder.File("phone")}");
        (await edge.Client.DeleteAsync("/phone")).EnsureSuccessStatusCode();

        // What has ended with the listener is in one scrape more, so the second of them tells.
        foreach (var path in new[] { "/carbon", "/outbox" })
        {
            await edge.Client.GetStringAsync(path);
            await Eventually.HoldsAsync(
                async () => (await edge.Client.GetStringAsync("/metrics")).Contains(
                    $"http_route=\"{path}\"", StringComparison.Ordinal),
                $"a request of {path} is measured");
        }
    }

    [Fact]
    public async Task With_the_setting_it_listens_from_the_start_on()
    {
        using var folder = new TemporaryFolder();
        await using var edge = await EdgeProcess.StartAsync(
            "127.0.0.1:1", folder.File("outbox.db"), "--Edge:Phone:Port=0", "--Edge:Phone:Enabled=true",
            $"--Edge:Phone:Folder={folder.File("phone")}");

        Assert.Single(BeyondLoopback(edge.Id));
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "192.168.1.20:9001")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:9002")]
    public async Task A_page_from_elsewhere_neither_opens_nor_sees_it(string header, string value)
    {
        await using var scene = new PhoneScene();
        await scene.InitializeAsync();
        (HttpMethod, string)[] asked =
        [
            (HttpMethod.Get, "/phone"), (HttpMethod.Post, "/phone"), (HttpMethod.Delete, "/phone"),
            (HttpMethod.Post, "/phone/revoke"), (HttpMethod.Get, "/phone/code.svg"),
        ];
        foreach (var (method, path) in asked)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await scene.Edge.SendAsync(request);

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Another_machine_is_refused_where_the_edge_listens_for_others_too()
    {
        // This machine as another one sees it.
        var address = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal);
        if (address is null)
            return;
        using var folder = new TemporaryFolder();
        await using var edge = await EdgeProcess.StartAsync(
            "127.0.0.1:1", folder.File("outbox.db"), $"--urls=http://127.0.0.1:0;{Any(address)}", "--Edge:Phone:Port=0",
            $"--Edge:Phone:Folder={folder.File("phone")}");
        var listening = edge.Output.Select(line => line.Split("Now listening on: ")[^1])
            .Single(line => line.StartsWith(Any(address)[..^1], StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{listening}/phone");
        request.Headers.Host = "localhost";

        using var answer = await edge.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        await using var scene = new PhoneScene();
        await scene.InitializeAsync();
        using var folder = new TemporaryFolder();
        await using var other = new EdgeApplication(scene.BootstrapServers, new Dictionary<string, string?>
        {
            ["Edge:Phone:Folder"] = folder.Path,
            ["Edge:Phone:Port"] = scene.Address.Port.ToString(CultureInfo.InvariantCulture),
            ["Edge:Frames:FrameFile"] = "",
        });

        using var answer = await other.CreateClient().PostAsync("/phone", null);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("address already in use", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_code_is_a_picture_and_a_text()
    {
        await using var scene = new PhoneScene();
        await scene.InitializeAsync();
        var status = await scene.Edge.GetFromJsonAsync<JsonElement>("/phone");
        var lines = status.GetProperty("code").GetString()!.Split('\n');
        using var reader = new QRCodeDetector();
        using var drawn = Drawn(lines);
        Assert.Equal(status.GetProperty("pairing_address").GetString(), reader.DetectAndDecode(drawn, out _));
        Assert.Matches(
            "^https://.+:[0-9]+/trust#[A-Za-z0-9_-]{22}$", status.GetProperty("pairing_address").GetString());
        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", status.GetProperty("authority_fingerprint").GetString());

        using var picture = await scene.Edge.GetAsync("/phone/code.svg");
        Assert.Equal("image/svg+xml", picture.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("<svg", await picture.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>As a terminal draws it that writes white on black.</summary>
    private static Mat Drawn(string[] lines)
    {
        const int Module = 8;
        var picture = new Mat(2 * Module * lines.Length, Module * lines[0].Length, MatType.CV_8UC1, Scalar.All(0));
        foreach (var (y, line) in lines.Index())
        {
            foreach (var (x, block) in line.Index())
            {
                if (block is '█' or '▀')
                    picture[new Rect(x * Module, 2 * y * Module, Module, Module)].SetTo(Scalar.All(255));
                if (block is '█' or '▄')
                    picture[new Rect(x * Module, ((2 * y) + 1) * Module, Module, Module)].SetTo(Scalar.All(255));
            }
        }

        return picture;
    }

    private static string Any(IPAddress address) => $"http://{new IPEndPoint(address, 0)}";

    /// <summary>The ports on which a process listens for others than this machine.</summary>
    private static int[] BeyondLoopback(int process)
    {
        const string Socket = "socket:[";
        var sockets = Directory.GetFiles($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget ?? "")
            .Where(target => target.StartsWith(Socket, StringComparison.Ordinal))
            .Select(target => target[Socket.Length..^1]).ToHashSet();
        return
        [
            .. from table in (string[])["tcp", "tcp6"]
               from line in File.ReadLines($"/proc/{process}/net/{table}").Skip(1)
               let columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
               where columns[3] == Listening && sockets.Contains(columns[9])
               let address = columns[1].Split(':')
               where !IsLoopback(address[0])
               select int.Parse(address[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        ];
    }

    /// <summary>Words of four bytes, each in the order of the machine.</summary>
    private static bool IsLoopback(string address) => IPAddress.IsLoopback(new IPAddress(
        Convert.FromHexString(address).Chunk(4).SelectMany(word => word.Reverse()).ToArray()));
}
