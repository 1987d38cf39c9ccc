using System.Runtime.CompilerServices;

namespace OpenCvSharp;

/// <summary>OpenCV refuses the arguments of a call.</summary>
public sealed class OpenCVException : Exception
{
    /// <summary>As OpenCV reports an error.</summary>
    public OpenCVException(ErrorCode status, string funcName, string errMsg, string fileName, int line)
        : base(errMsg)
    {
        Status = status;
        FuncName = funcName;
        ErrMsg = errMsg;
        FileName = fileName;
        Line = line;
    }

    /// <summary>The kind of error.</summary>
    public ErrorCode Status { get; set; }

    /// <summary>The function that found it.</summary>
    public string FuncName { get; set; }

    /// <summary>What is wrong.</summary>
    public string ErrMsg { get; set; }

    /// <summary>The source file that found it.</summary>
    public string FileName { get; set; }

    /// <summary>The line that found it.</summary>
    public int Line { get; set; }

    /// <summary>OpenCV's CV_Assert: nothing may reach native code that would make it throw there.</summary>
    internal static void Assert(
        bool condition,
        string otherwise,
        [CallerMemberName] string function = "",
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (!condition)
            throw new OpenCVException(ErrorCode.StsAssert, function, otherwise, Path.GetFileName(file), line);
    }
}
