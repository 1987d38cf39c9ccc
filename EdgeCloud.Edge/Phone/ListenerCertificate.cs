using System.Security.Cryptography.X509Certificates;

namespace EdgeCloud.Edge.Phone;

/// <summary>
/// What the listener shows: signed by the authority, kept so that a browser's exception for it lasts, and made anew
/// when the machine's names or addresses are others, or near its end.
/// </summary>
internal sealed class ListenerCertificate(PrivateFolder folder, CertificateAuthority authority, TimeProvider time)
{
    public const string FileName = "listener.pem";

    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>How long the machine's addresses are believed; asking takes a millisecond, a handshake not much more.
    /// </summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Shown? _shown;

    /// <summary>How this machine's names are found.</summary>
    public Func<LanNames> FindNames { get; init; } = LanNames.Find;

    public CertificateAuthority Authority => authority;

    public LanNames Names => Current().Names;

    public X509Certificate2 Certificate => Current().Certificate;

    private Shown Current()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_shown is not null && now - _shown.LookedAt < LookEvery && now >= _shown.LookedAt)
                return _shown;
            var names = FindNames();
            var certificate = _shown?.Certificate ?? Pem.Read(folder, FileName);
            if (certificate is null || !IsGood(certificate, names, now))
            {
                using (var issued = authority.Issue(names))
                    Pem.Write(folder, FileName, issued);
                certificate = Pem.Read(folder, FileName)!;
            }

            return _shown = new Shown(certificate, names, now);
        }
    }

    private bool IsGood(X509Certificate2 certificate, LanNames names, DateTimeOffset now)
    {
        var named = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        return certificate.NotAfter.ToUniversalTime() > now + RenewBefore
            && certificate.NotBefore.ToUniversalTime() <= now
            && authority.HasSigned(certificate)
            && names.IsSameAs(new LanNames([.. named.EnumerateDnsNames()], [.. named.EnumerateIPAddresses()]));
    }

    private sealed record Shown(X509Certificate2 Certificate, LanNames Names, DateTimeOffset LookedAt);
}
