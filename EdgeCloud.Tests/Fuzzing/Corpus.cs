using System.Text;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>What mutation starts from, and the inputs known to break things, which every run sends first.</summary>
internal static class Corpus
{
    /// <summary>The device of <see cref="Events"/>.</summary>
    public const string EventDevice = "fuzz-events";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "corpus");

    /// <summary>
    /// Small pictures of the kinds there are: baseline, progressive, with restart intervals, grey, without subsampling,
    /// arithmetic coding.
    /// </summary>
    public static IReadOnlyList<byte[]> Pictures { get; } =
        [.. Files("*.jpg").Select(file => File.ReadAllBytes(file.FullName))];

    public static IReadOnlyList<FuzzInput> Regressions { get; } =
    [
        .. Files("*" + FuzzInput.RequestExtension).Concat(Files("*" + FuzzInput.ValueExtension)).Select(FuzzInput.Read),
        .. BrokenLiterals(),
        EndlessNumber(),
    ];

    /// <summary>
    /// Events as the edge writes them, the second with everything that is optional; EVENT_ID stands for an id of each
    /// its own.
    /// </summary>
    public static IReadOnlyList<string> Events { get; } =
    [
        """
        {"device_id":"fuzz-events","timestamp":"2025-12-30T15:14:34.678870Z","persons_detected":0,"faces":[],
        "event_id":"EVENT_ID","schema":"edgecloud.detection/1"}
        """,
        """
        {"device_id":"fuzz-events","timestamp":"2025-12-30T15:14:34.678870Z","persons_detected":1,
        "faces":[{"conf":0.93357,"xmin":0.503125,"ymin":0.3125,"width":0.2140625,"height":0.285417,
        "keypoints":{"right_eye":[0.55,0.39],"left_eye":[0.63,0.39],"nose_tip":[0.59,0.45],
        "mouth_center":[0.59,0.5],"right_ear_tragion":[0.5,0.4],"left_ear_tragion":[0.69,0.4]}}],
        "event_id":"EVENT_ID","schema":"edgecloud.detection/1.7","frame":{"sequence":41,"width":640,"height":480},
        "captured_at":"2025-12-30T15:14:34Z",
        "poses":[{"conf":0.99,"confirmed_by_face":true,"landmarks":[[0.59,0.45,-0.3,0.99]],
        "world_landmarks":[[0.1,-0.2,0.3]]}],
        "timing_ms":{"decode":0.9,"face":0.7,"pose":8.6,"total":10.4},"energy_joules":0.016,
        "next_frame_ms":1000,"later":{"not":["known",null,true,-1.5e-3]}}
        """,
    ];

    /// <summary>A frame without its picture, whose number has more digits than any.</summary>
    private static RequestInput EndlessNumber()
    {
        var json = $$"""{"sequence":{{new string('1', 10_000)}}}""";
        return new RequestInput(Encoding.ASCII.GetBytes("POST /frame/unchanged HTTP/1.1\r\nHost: localhost\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"));
    }

    /// <summary>
    /// The parser's message quotes such a literal in full: once the answer had it all, and the dead letter, with it in
    /// a header, outgrew what Kafka takes.
    /// </summary>
    private static IEnumerable<FuzzInput> BrokenLiterals()
    {
        var json = Encoding.ASCII.GetBytes("{\"image\":t" + new string('x', 600_000));
        var head = "POST /frame HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {json.Length}\r\n\r\n";
        yield return new RequestInput([.. Encoding.ASCII.GetBytes(head), .. json]);
        yield return new ValueInput("fuzz"u8.ToArray(), json);
    }

    private static IEnumerable<FileInfo> Files(string pattern) =>
        new DirectoryInfo(Folder).EnumerateFiles(pattern).OrderBy(file => file.Name, StringComparer.Ordinal);
}
