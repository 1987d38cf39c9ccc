using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime.Native;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A tensor over the caller's own memory, which stays pinned until the value is disposed and no binding uses it any more.</summary>
public sealed unsafe class OrtValue : IDisposable
{
    private readonly void* data;
    private readonly long elementCount;
    private readonly Type elementType;
    private readonly int elementSizeBytes;

    private OrtValue(TensorHandle handle, void* data, long elementCount, Type elementType, int elementSizeBytes)
    {
        Handle = handle;
        this.data = data;
        this.elementCount = elementCount;
        this.elementType = elementType;
        this.elementSizeBytes = elementSizeBytes;
    }

    internal TensorHandle Handle { get; }

    /// <summary>A tensor over <paramref name="data"/>, which may be longer than the shape needs.</summary>
    /// <exception cref="OnnxRuntimeException">The shape needs more elements than there are, or tensors of this type do not exist.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The shape has a negative dimension.</exception>
    public static OrtValue CreateTensorValueFromMemory<T>(T[] data, long[] shape)
        where T : unmanaged =>
        CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, new Memory<T>(data), shape);

    /// <inheritdoc cref="CreateTensorValueFromMemory{T}(T[], long[])" />
    public static OrtValue CreateTensorValueFromMemory<T>(OrtMemoryInfo memoryInfo, Memory<T> memory, long[] shape)
        where T : unmanaged
    {
        var elementCode = TensorElement.CodeOf(typeof(T));
        var elementCount = ElementCount(shape);
        if (elementCount > memory.Length)
            throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"The shape has {elementCount} elements, the memory only {memory.Length}.");

        var pinned = memory.Pin();
        try
        {
            using var info = new Borrowed(memoryInfo);
            nint tensor;
            fixed (long* dimensions = shape)
                OrtApi.Instance.Check(OrtApi.Instance.CreateTensorWithDataAsOrtValue(
                    info.Pointer, pinned.Pointer, (nuint)memory.Length * (nuint)sizeof(T), dimensions, (nuint)shape.Length, elementCode, &tensor));
            return new OrtValue(new TensorHandle(tensor, pinned), pinned.Pointer, elementCount, typeof(T), sizeof(T));
        }
        catch
        {
            pinned.Dispose();
            throw;
        }
    }

    /// <summary>The tensor's elements; valid until the value is disposed.</summary>
    /// <typeparam name="T">The tensor's element type, or byte for its raw memory.</typeparam>
    /// <exception cref="OnnxRuntimeException">The tensor has elements of another type.</exception>
    public ReadOnlySpan<T> GetTensorDataAsSpan<T>()
        where T : unmanaged =>
        GetTensorMutableDataAsSpan<T>();

    /// <inheritdoc cref="GetTensorDataAsSpan{T}" />
    public Span<T> GetTensorMutableDataAsSpan<T>()
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(Handle.IsClosed, this);
        if (typeof(T) != elementType && typeof(T) != typeof(byte))
            throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"The tensor's elements are {elementType}, not {typeof(T)}.");
        return new Span<T>(data, checked((int)(elementCount * elementSizeBytes / Unsafe.SizeOf<T>())));
    }

    /// <inheritdoc />
    public void Dispose() => Handle.Dispose();

    private static long ElementCount(long[] shape)
    {
        var count = 1L;
        foreach (var dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
            count = checked(count * dimension);
        }

        return count;
    }
}
