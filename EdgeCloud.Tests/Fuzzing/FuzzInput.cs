using System.Diagnostics;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>One thing to send, and its form as a file, with which it can be sent again.</summary>
internal abstract record FuzzInput
{
    public const string RequestExtension = ".http";
    public const string ValueExtension = ".value";

    private const byte EndOfKey = (byte)'\n';

    /// <exception cref="ArgumentException">The file has another extension.</exception>
    public static FuzzInput Read(FileInfo file)
    {
        var bytes = File.ReadAllBytes(file.FullName);
        return file.Extension switch
        {
            RequestExtension => new RequestInput(bytes),
            ValueExtension => ReadMessage(bytes),
            _ => throw new ArgumentException($"{file.Name} must end in {RequestExtension} or {ValueExtension}."),
        };
    }

    /// <returns>The path it was written to.</returns>
    public string Write(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        var (extension, bytes) = this switch
        {
            RequestInput request => (RequestExtension, request.Bytes),
            ValueInput { Value: null } message => (ValueExtension, message.Key ?? []),
            ValueInput message => (ValueExtension, [.. message.Key ?? [], EndOfKey, .. message.Value]),
            _ => throw new UnreachableException(),
        };
        var path = Path.Combine(folder, name + extension);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static ValueInput ReadMessage(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf(EndOfKey);
        var key = end < 0 ? bytes : bytes[..end];
        return new ValueInput(key.Length == 0 ? null : key, end < 0 ? null : bytes[(end + 1)..]);
    }
}

/// <summary>The bytes of an HTTP request, whatever they are.</summary>
internal sealed record RequestInput(byte[] Bytes) : FuzzInput;

/// <summary>A Kafka message. The key has no line feed.</summary>
internal sealed record ValueInput(byte[]? Key, byte[]? Value) : FuzzInput;
