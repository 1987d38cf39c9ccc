using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeCloud.Edge.Phone;

namespace EdgeCloud.Tests.Edge.Phone;

public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private LanNames _names = new(["localhost", "here.local"], [IPAddress.Parse("192.168.1.20")]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_authority_is_made_once_and_its_files_are_the_owners_alone()
    {
        var first = Open();
        _ = first.Certificate;
        Assert.Equal(first.Authority.Fingerprint, Open().Authority.Fingerprint);
        if (OperatingSystem.IsWindows())
            return;

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File("phone")));
        var files = Directory.GetFiles(_folder.File("phone"));
        Assert.Equal(2, files.Length);
        foreach (var file in files)
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Browsers_and_phones_take_the_certificate_for_the_machines_names_and_addresses()
    {
        var listener = Open();
        var leaf = listener.Certificate;

        Assert.True(IsTrusted(leaf, listener.Authority));
        Assert.True(leaf.MatchesHostname("here.local"));
        Assert.True(leaf.MatchesHostname("192.168.1.20"));
        Assert.False(leaf.MatchesHostname("there.local"));
        Assert.True(leaf.NotAfter - leaf.NotBefore <= TimeSpan.FromDays(398), "it lasts longer than phones allow");
    }

    [Theory]
    [InlineData("example.com", "192.168.1.20")]
    [InlineData("here.local", "203.0.113.7")]
    [InlineData("here.local", "2001:db8::1")]
    public void What_the_authority_signs_for_others_nobody_takes(string host, string address)
    {
        var authority = Open().Authority;

        Assert.False(IsTrusted(authority.Issue(new LanNames([host], [IPAddress.Parse(address)])), authority));
    }

    [Fact]
    public void The_certificate_stays_until_the_addresses_are_others()
    {
        var listener = Open();
        var first = listener.Certificate.Thumbprint;
        Assert.Equal(first, Open().Certificate.Thumbprint);

        _names = _names with { Addresses = [IPAddress.Parse("10.1.2.3")] };
        Assert.Equal(first, listener.Certificate.Thumbprint);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.True(listener.Certificate.MatchesHostname("10.1.2.3"));
        Assert.False(listener.Names.Contains("192.168.1.20"));
        Assert.True(IsTrusted(listener.Certificate, listener.Authority));
    }

    [Fact]
    public void It_is_renewed_near_its_end()
    {
        var listener = Open();
        var first = listener.Certificate.Thumbprint;
        _clock.Advance(TimeSpan.FromDays(360));
        Assert.Equal(first, listener.Certificate.Thumbprint);
        _clock.Advance(TimeSpan.FromDays(10));

        Assert.NotEqual(first, listener.Certificate.Thumbprint);
        Assert.True(listener.Certificate.NotAfter > _clock.GetUtcNow().AddDays(390));
    }

    [Fact]
    public void Another_authority_signs_anew()
    {
        var first = Open();
        _ = first.Certificate;
        File.Delete(Path.Combine(_folder.File("phone"), CertificateAuthority.FileName));

        var second = Open();

        Assert.NotEqual(first.Authority.Fingerprint, second.Authority.Fingerprint);
        Assert.True(IsTrusted(second.Certificate, second.Authority));
    }

    [Fact]
    public void A_file_that_is_no_certificate_is_named()
    {
        _ = Open();
        var file = Path.Combine(_folder.File("phone"), CertificateAuthority.FileName);
        File.WriteAllText(file, "nothing");

        var error = Assert.ThrowsAny<Exception>(Open);

        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_private_addresses_of_this_machine_are_named()
    {
        var names = LanNames.Find();

        Assert.Contains(IPAddress.Loopback, names.Addresses);
        Assert.All(names.Addresses, address => Assert.True(LanNames.IsPrivate(address), $"{address} is not private"));
        Assert.False(LanNames.IsPrivate(IPAddress.Parse("203.0.113.7")));
        Assert.False(LanNames.IsPrivate(IPAddress.Parse("::ffff:203.0.113.7")));
        Assert.True(LanNames.IsPrivate(IPAddress.Parse("::ffff:192.168.1.20")));
    }

    private ListenerCertificate Open()
    {
        var folder = new PrivateFolder(_folder.File("phone"));
        return new ListenerCertificate(folder, CertificateAuthority.Open(folder, _clock), _clock)
        {
            FindNames = () => _names,
        };
    }

    private bool IsTrusted(X509Certificate2 leaf, CertificateAuthority authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _clock.GetLocalNow().DateTime;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(authority.Der));
        return chain.Build(leaf);
    }
}
