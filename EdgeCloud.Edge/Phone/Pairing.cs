using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Phone;

/// <summary>
/// Which phones are paired, and the token that pairs another one. The token is of this process and kept nowhere; of a
/// phone's own secret only the hash is, in a file, so that a paired phone stays so when the edge starts again.
/// </summary>
internal sealed class Pairing(PrivateFolder folder, TimeProvider time)
{
    public const string FileName = "phones.json";

    /// <summary>Far more than send at once; the file stays small, whoever has the token.</summary>
    public const int MaxPhones = 100;

    private const int TokenBytes = 16;
    private const int SecretBytes = 32;
    private const int DeviceIdBytes = 4;

    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly SemaphoreSlim _changing = new(1);
    private ImmutableDictionary<string, PairedPhone>? _phones;

    /// <summary>By the hash of its secret.</summary>
    private ImmutableDictionary<string, PairedPhone> Phones =>
        Volatile.Read(ref _phones) ?? Interlocked.CompareExchange(ref _phones, Load(), null) ?? _phones;

    /// <summary>128 random bits, for the fragment of an address: shown as a QR code and nowhere else.</summary>
    public string Token { get; private set; } = Random(TokenBytes);

    public IReadOnlyList<PairedPhone> All =>
        [.. Phones.Values.OrderBy(static phone => phone.PairedAt).ThenBy(static phone => phone.DeviceId)];

    /// <returns>The phone whose secret this is; null for any other text.</returns>
    public PairedPhone? Find(string? secret) => secret is null ? null : Phones.GetValueOrDefault(Hash(secret));

    /// <summary>Pairs a phone, if the token is the right one.</summary>
    /// <returns>The phone's secret; null for another token, or when too many are paired.</returns>
    /// <exception cref="IOException">It cannot be kept; the phone is not paired.</exception>
    public async Task<string?> PairAsync(string token, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Token))
                || Phones.Count >= MaxPhones)
                return null;
            var secret = Random(SecretBytes);
            var phone = new PairedPhone { DeviceId = UnusedDeviceId(), PairedAt = time.GetUtcNow() };
            Keep(Phones.Add(Hash(secret), phone));
            return secret;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <returns>The phone by its new name; null when it is paired no longer.</returns>
    /// <exception cref="IOException">It cannot be kept; the phone keeps its name.</exception>
    public async Task<PairedPhone?> RenameAsync(string secret, string name, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (Find(secret) is not { } phone)
                return null;
            var renamed = phone with { Name = name };
            Keep(Phones.SetItem(Hash(secret), renamed));
            return renamed;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Takes the right to send from one phone, or from all, and from the token, which whoever photographed it still
    /// has.
    /// </summary>
    /// <param name="deviceId">The phone; null is all.</param>
    /// <param name="cancellationToken">Gives up before anything is changed.</param>
    /// <returns>How many phones were paired until now.</returns>
    /// <exception cref="IOException">
    /// It cannot be kept: the phones are out, but would be back when the edge starts again.
    /// </exception>
    public async Task<int> RevokeAsync(string? deviceId, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var left = Phones.RemoveRange(
                Phones.Where(phone => deviceId is null || phone.Value.DeviceId == deviceId)
                    .Select(static phone => phone.Key));
            var revoked = Phones.Count - left.Count;
            Token = Random(TokenBytes);
            Volatile.Write(ref _phones, left);
            Keep(left);
            return revoked;
        }
        finally
        {
            _changing.Release();
        }
    }

    private static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>
    /// A secret of 256 random bits needs no slow hash, and looking it up by its hash tells nothing of it.
    /// </summary>
    private static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private string UnusedDeviceId()
    {
        string id;
        do
            id = $"phone-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(DeviceIdBytes))}";
        while (Phones.Values.Any(phone => phone.DeviceId == id));
        return id;
    }

    private ImmutableDictionary<string, PairedPhone> Load()
    {
        if (folder.Read(FileName) is not { } text)
            return ImmutableDictionary<string, PairedPhone>.Empty;
        try
        {
            return JsonSerializer.Deserialize<ImmutableDictionary<string, PairedPhone>>(text, Json)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new StartException(
                $"{folder.PathOf(FileName)} cannot be read ({exception.Message}). Delete it, and pair the phones anew.",
                exception);
        }
    }

    private void Keep(ImmutableDictionary<string, PairedPhone> phones)
    {
        folder.Write(FileName, JsonSerializer.Serialize(phones, Json));
        Volatile.Write(ref _phones, phones);
    }
}
