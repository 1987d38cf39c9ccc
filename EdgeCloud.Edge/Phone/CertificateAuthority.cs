using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Phone;

/// <summary>
/// The certificate authority of this machine, made once. What it may sign for is said in its certificate (RFC 5280,
/// 4.2.1.10): the machine's own names and private addresses, so that who trusts it trusts it with nothing else.
/// </summary>
internal sealed class CertificateAuthority(X509Certificate2 certificate, TimeProvider time)
{
    public const string FileName = "authority.pem";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const int SerialNumberBytes = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    /// <summary>Browsers take no more than 398 days of some, 825 of others.</summary>
    private static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(397);

    /// <summary>Clocks of phones may be behind.</summary>
    private static readonly TimeSpan Backdating = TimeSpan.FromDays(1);

    /// <summary>What is given out, without the key: DER.</summary>
    public byte[] Der => certificate.RawData;

    /// <summary>SHA-256 of <see cref="Der"/>, as browsers and phones show it.</summary>
    public string Fingerprint => string.Join(
        ':', SHA256.HashData(certificate.RawData).Select(static octet => octet.ToString("X2")));

    private X509SubjectKeyIdentifierExtension KeyIdentifier =>
        certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();

    /// <summary>
    /// The one in the folder; a new one when there is none, when the machine has another name, or near its end.
    /// </summary>
    /// <exception cref="StartException">The file is there and is no authority.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static CertificateAuthority Open(PrivateFolder folder, TimeProvider time)
    {
        var name = new X500DistinguishedName($"CN=EdgeCloud phones at {LanNames.MachineName}");
        var kept = Pem.Read(folder, FileName);
        if (kept is not null && kept.SubjectName.Name == name.Name
            && kept.NotAfter.ToUniversalTime() > time.GetUtcNow() + LeafLifetime)
            return new CertificateAuthority(kept, time);

        var made = Make(name, time.GetUtcNow());
        Pem.Write(folder, FileName, made);
        return new CertificateAuthority(made, time);
    }

    /// <returns>A certificate for a server of these names, with its key.</returns>
    public X509Certificate2 Issue(LanNames names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=EdgeCloud at {LanNames.MachineName}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var host in names.Hosts)
            alternatives.AddDnsName(host);
        foreach (var address in names.Addresses)
            alternatives.AddIpAddress(address);
        Extend(
            request,
            new X509BasicConstraintsExtension(false, false, 0, true),
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true),
            new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false),
            alternatives.Build(),
            new X509SubjectKeyIdentifierExtension(request.PublicKey, false),
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(KeyIdentifier));
        var from = time.GetUtcNow() - Backdating;
        using var signed = request.Create(
            certificate, from, from + LeafLifetime, RandomNumberGenerator.GetBytes(SerialNumberBytes));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>By its key identifier: a file of before another authority was made is told from one of now.</summary>
    public bool HasSigned(X509Certificate2 leaf) =>
        leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier is { } signer
        && signer.Span.SequenceEqual(KeyIdentifier.SubjectKeyIdentifierBytes.Span);

    private static X509Certificate2 Make(X500DistinguishedName name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        Extend(
            request,
            new X509BasicConstraintsExtension(true, true, 0, true),
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true),
            new X509SubjectKeyIdentifierExtension(request.PublicKey, false),
            NameConstraints());
        return request.CreateSelfSigned(now - Backdating, now + Lifetime);
    }

    private static void Extend(CertificateRequest request, params ReadOnlySpan<X509Extension> extensions)
    {
        foreach (var extension in extensions)
            request.CertificateExtensions.Add(extension);
    }

    /// <summary>Permitted subtrees alone; .NET has no type for them.</summary>
    private static X509Extension NameConstraints()
    {
        const string Oid = "2.5.29.30";
        Asn1Tag permitted = new(TagClass.ContextSpecific, 0), dns = new(TagClass.ContextSpecific, 2),
            address = new(TagClass.ContextSpecific, 7);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(permitted))
        {
            foreach (var name in (string[])[LanNames.Localhost, LanNames.Local])
            {
                using (writer.PushSequence())
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, name, dns);
            }

            foreach (var network in LanNames.Private)
            {
                using (writer.PushSequence())
                    writer.WriteOctetString([.. network.BaseAddress.GetAddressBytes(), .. MaskOf(network)], address);
            }
        }

        return new X509Extension(Oid, writer.Encode(), critical: true);
    }

    private static byte[] MaskOf(IPNetwork network)
    {
        var mask = new byte[network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 4 : 16];
        for (var bit = 0; bit < network.PrefixLength; bit++)
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return mask;
    }
}
