namespace OpenCvSharp;

/// <summary>The type of a matrix's elements: depth in the three lowest bits, channels minus one above.</summary>
public readonly record struct MatType(int value) : IEquatable<int>
{
    /// <summary>8-bit unsigned.</summary>
    public const int CV_8U = 0;

    /// <summary>8-bit signed.</summary>
    public const int CV_8S = 1;

    /// <summary>16-bit unsigned.</summary>
    public const int CV_16U = 2;

    /// <summary>16-bit signed.</summary>
    public const int CV_16S = 3;

    /// <summary>32-bit signed.</summary>
    public const int CV_32S = 4;

    /// <summary>32-bit floating point.</summary>
    public const int CV_32F = 5;

    /// <summary>64-bit floating point.</summary>
    public const int CV_64F = 6;

    /// <summary>16-bit floating point.</summary>
    public const int CV_16F = 7;

    private const int MaxChannels = 512;
    private const int ChannelShift = 3;
    private const int DepthCount = 1 << ChannelShift;

    /// <summary>8-bit unsigned, one channel.</summary>
    public static readonly MatType CV_8UC1 = CV_8UC(1);

    /// <summary>8-bit unsigned, three channels: an ordinary image, in the order blue, green, red.</summary>
    public static readonly MatType CV_8UC3 = CV_8UC(3);

    /// <summary>8-bit unsigned, four channels.</summary>
    public static readonly MatType CV_8UC4 = CV_8UC(4);

    /// <summary>32-bit floating point, one channel.</summary>
    public static readonly MatType CV_32FC1 = CV_32FC(1);

    /// <summary>32-bit floating point, three channels.</summary>
    public static readonly MatType CV_32FC3 = CV_32FC(3);

    /// <summary>32-bit floating point, four channels.</summary>
    public static readonly MatType CV_32FC4 = CV_32FC(4);

    /// <summary>64-bit floating point, one channel.</summary>
    public static readonly MatType CV_64FC1 = CV_64FC(1);

    private readonly int value = value;

    /// <summary>The type as OpenCV's C++ interface numbers it.</summary>
    public int Value => value;

    /// <summary>One of the CV_8U … constants.</summary>
    public int Depth => value & (DepthCount - 1);

    /// <summary>Values per element.</summary>
    public int Channels => (value >> ChannelShift) + 1;

    /// <summary>8-bit unsigned with any number of channels.</summary>
    public static MatType CV_8UC(int ch) => MakeType(CV_8U, ch);

    /// <summary>32-bit floating point with any number of channels.</summary>
    public static MatType CV_32FC(int ch) => MakeType(CV_32F, ch);

    /// <summary>64-bit floating point with any number of channels.</summary>
    public static MatType CV_64FC(int ch) => MakeType(CV_64F, ch);

    /// <summary>Any type.</summary>
    /// <exception cref="OpenCvSharpException">There is no such depth, or not 1 to 511 channels.</exception>
    public static MatType MakeType(int depth, int channels)
    {
        if (channels is <= 0 or >= MaxChannels)
            throw new OpenCvSharpException($"Channels must be 1 to {MaxChannels - 1}, not {channels}.");
        if (depth is < 0 or >= DepthCount)
            throw new OpenCvSharpException($"Depth must be 0 to {DepthCount - 1}, not {depth}.");
        return depth | ((channels - 1) << ChannelShift);
    }

    /// <summary>The type of this number.</summary>
    public static implicit operator MatType(int value) => new(value);

    /// <summary>The number of this type.</summary>
    public static explicit operator int(MatType self) => self.value;

    /// <inheritdoc />
    public bool Equals(int other) => value == other;
}
