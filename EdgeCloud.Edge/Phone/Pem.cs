using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Phone;

/// <summary>A certificate and its key in one file.</summary>
internal static class Pem
{
    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="StartException">The file has something else.</exception>
    public static X509Certificate2? Read(PrivateFolder folder, string name)
    {
        if (folder.Read(name) is not { } text)
            return null;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(text, text);

            // Windows serves no certificate whose key is in no store, not even this process's own.
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (CryptographicException exception)
        {
            throw new StartException(
                $"{folder.PathOf(name)} is no certificate with its key ({exception.Message}). Delete it, and another "
                + "is made.", exception);
        }
    }

    public static void Write(PrivateFolder folder, string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        folder.Write(name, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
