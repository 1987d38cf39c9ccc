using System.Reflection;
using System.Text.RegularExpressions;
using EdgeCloud.Carbon;
using EdgeCloud.Carbon.Pacing;
using EdgeCloud.Edge.Outbox;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Motion;
using EdgeCloud.Edge.Pacing;
using EdgeCloud.Server.Devices;
using EdgeCloud.Server.Ingest;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Tests.Docs;

public sealed class NamesAndLinksTests
{
    private static readonly Type[] Options =
    [
        typeof(OutboxOptions), typeof(FrameOptions), typeof(FrameIntervalOptions), typeof(InferenceOptions),
        typeof(MotionGateOptions), typeof(PacingOptions), typeof(DeviceOptions), typeof(IngestOptions),
        typeof(CarbonOptions), typeof(HttpLimits),
    ];

    private static readonly HashSet<string> Keys =
    [
        "ConnectionStrings:kafka",
        .. Options.SelectMany(type => type.GetProperties().Select(property => $"{type.GetField("Section", BindingFlags.Public | BindingFlags.Static)!.GetRawConstantValue()}:{property.Name}")),
    ];

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/runbook.md")]
    [InlineData("docs/kafka-vm.md")]
    public void A_setting_that_is_named_is_one_that_a_service_reads(string document)
    {
        var named = Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, document)), @"`((?:Edge|Server|Http|Carbon|ConnectionStrings)(?::|__)\w+(?:(?::|__)\w+)?)").Select(match => match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal));
        Assert.Subset(Keys, named.ToHashSet());
    }

    [Fact]
    public void Links_lead_to_files_that_there_are()
    {
        var documents = Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository.Root, "README.md"));
        var links = documents.SelectMany(document => Regex.Matches(File.ReadAllText(document), @"\]\((?!https?:|#)([^)#]+)").Select(link => Path.GetFullPath(link.Groups[1].Value, Path.GetDirectoryName(document)!))).ToArray();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(link), $"{link} is not there."));
    }
}
