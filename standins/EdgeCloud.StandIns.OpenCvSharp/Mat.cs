using System.Runtime.CompilerServices;
using OpenCvSharp.Native;

namespace OpenCvSharp;

/// <summary>A matrix of pixels, row by row. Its own memory is outside the garbage collector's reach: dispose it.</summary>
public sealed unsafe class Mat : IDisposable
{
    // By depth, CV_8U to CV_16F.
    private static readonly int[] DepthBytes = [1, 1, 2, 2, 4, 4, 8, 2];

    private PixelMemory? memory;
    private MatType type;
    private int rows;
    private int cols;
    private long step;

    /// <summary>An empty matrix.</summary>
    public Mat()
    {
    }

    /// <summary>A matrix whose contents are undefined.</summary>
    public Mat(int rows, int cols, MatType type)
    {
        if (rows < 0 || cols < 0)
            OpenCVException.Assert(false, $"A matrix cannot have {rows} rows and {cols} columns.");
        (this.rows, this.cols, this.type) = (rows, cols, type);
        step = (long)cols * ElemSize();
        if (rows > 0 && cols > 0)
            memory = PixelMemory.Allocate(checked(rows * step));
    }

    /// <inheritdoc cref="Mat(int, int, MatType)" />
    public Mat(Size size, MatType type)
        : this(size.Height, size.Width, type)
    {
    }

    /// <summary>A matrix of equal pixels; values that do not fit the type are rounded and cut to its range.</summary>
    public Mat(int rows, int cols, MatType type, Scalar s)
        : this(rows, cols, type)
    {
        if (memory is not null)
            PixelFill.Fill(this, s);
    }

    /// <inheritdoc cref="Mat(int, int, MatType, Scalar)" />
    public Mat(Size size, MatType type, Scalar s)
        : this(size.Height, size.Width, type, s)
    {
    }

    private Mat(int rows, int cols, MatType type, PixelMemory memory, long step)
    {
        (this.rows, this.cols, this.type, this.memory) = (rows, cols, type, memory);
        this.step = step == 0 ? (long)cols * ElemSize() : step;
    }

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Pixels from top to bottom.</summary>
    public int Rows => rows;

    /// <summary>Pixels from left to right.</summary>
    public int Cols => cols;

    /// <inheritdoc cref="Rows" />
    public int Height => rows;

    /// <inheritdoc cref="Cols" />
    public int Width => cols;

    /// <summary>The first pixel; null when empty. Valid while the matrix is neither disposed nor written to with another size or type.</summary>
    public nint Data => (nint)DataPointer;

    /// <inheritdoc cref="Data" />
    public byte* DataPointer
    {
        get
        {
            ThrowIfDisposed();
            return memory is null ? null : memory.Pointer;
        }
    }

    /// <summary>A matrix over the caller's memory, which has to stay where it is as long as the matrix is used.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="cols">Columns.</param>
    /// <param name="type">Type of the elements.</param>
    /// <param name="data">The first element.</param>
    /// <param name="step">Bytes from row to row; 0 for rows without padding.</param>
    public static Mat FromPixelData(int rows, int cols, MatType type, nint data, long step = 0)
    {
        var mat = new Mat(rows, cols, type, PixelMemory.Borrow(data), step);
        OpenCVException.Assert(rows > 0 && cols > 0 && data != 0 && mat.step >= (long)cols * mat.ElemSize(), "The pixel data do not make a matrix.");
        return mat;
    }

    /// <summary>A matrix over an array of numbers, which stays pinned until the matrix is disposed.</summary>
    /// <inheritdoc cref="FromPixelData(int, int, MatType, nint, long)" />
    public static Mat FromPixelData(int rows, int cols, MatType type, Array data, long step = 0)
    {
        var mat = new Mat(rows, cols, type, PixelMemory.Pin(data), step);
        var rowBytes = (long)cols * mat.ElemSize();
        OpenCVException.Assert(
            rows > 0 && cols > 0 && mat.step >= rowBytes && (rows - 1) * mat.step + rowBytes <= Buffer.ByteLength(data),
            "The pixel data do not make a matrix.");
        return mat;
    }

    /// <summary>Whether there are no pixels.</summary>
    public bool Empty() => DataPointer == null;

    /// <summary>Type of the elements.</summary>
    public MatType Type() => type;

    /// <summary>Depth of the elements: one of the constants of <see cref="MatType"/>.</summary>
    public int Depth() => type.Depth;

    /// <summary>Values per element.</summary>
    public int Channels() => type.Channels;

    /// <summary>Bytes per element.</summary>
    public int ElemSize() => DepthBytes[type.Depth] * type.Channels;

    /// <summary>Width and height.</summary>
    public Size Size() => new(cols, rows);

    /// <summary>Number of elements.</summary>
    public long Total() => (long)rows * cols;

    /// <summary>Bytes from row to row.</summary>
    public long Step() => step;

    /// <summary>Whether the rows follow each other without a gap.</summary>
    public bool IsContinuous() => rows == 1 || step == (long)cols * ElemSize();

    /// <summary>An element, given by row and column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public ref T At<T>(int i0, int i1)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i0, (uint)rows, nameof(i0));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i1, (uint)cols, nameof(i1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Unsafe.SizeOf<T>(), ElemSize(), nameof(T));
        return ref Unsafe.AsRef<T>(DataPointer + (i0 * step) + ((long)i1 * ElemSize()));
    }

    /// <summary>Writes an element, given by row and column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public void Set<T>(int i0, int i1, T value)
        where T : struct
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Unsafe.SizeOf<T>(), ElemSize(), nameof(T));
        Unsafe.WriteUnaligned(ref At<byte>(i0, i1), value);
    }

    /// <summary>All elements; empty when rows are padded.</summary>
    public Span<T> AsSpan<T>()
        where T : unmanaged =>
        IsContinuous() ? new Span<T>(DataPointer, checked((int)(Empty() ? 0 : Total() * ElemSize() / sizeof(T)))) : [];

    /// <summary>The elements of a row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Span<T> RowSpan<T>(int row)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)rows, nameof(row));
        return new Span<T>(DataPointer + (row * step), checked((int)((long)cols * ElemSize() / sizeof(T))));
    }

    /// <summary>A copy with memory of its own and without padding.</summary>
    public Mat Clone()
    {
        ThrowIfDisposed();
        var clone = new Mat(rows, cols, type);
        for (var row = 0; row < rows && cols > 0; row++)
            RowSpan<byte>(row).CopyTo(clone.RowSpan<byte>(row));
        return clone;
    }

    /// <summary>Throws when it was disposed.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);

    /// <inheritdoc />
    public void Dispose()
    {
        IsDisposed = true;
        memory?.Dispose();
    }

    /// <summary>Becomes what <paramref name="other"/> is, which is used up by it.</summary>
    internal void TakeOver(Mat other)
    {
        memory?.Dispose();
        (rows, cols, type, step, memory) = (other.rows, other.cols, other.type, other.step, other.memory);
        other.memory = null;
        other.IsDisposed = true;
    }
}
