using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace EdgeCloud.Tests.Architecture;

/// <summary>Who may know whom, read from the built assemblies.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["EdgeCloud.Contract"] = [],
        ["EdgeCloud.Carbon"] = [],
        ["EdgeCloud.ServiceDefaults"] = [],
        ["EdgeCloud.Sql"] = ["EdgeCloud.ServiceDefaults"],
        ["EdgeCloud.Edge"] = ["EdgeCloud.Contract", "EdgeCloud.Carbon", "EdgeCloud.ServiceDefaults"],
        ["EdgeCloud.Server"] =
            ["EdgeCloud.Contract", "EdgeCloud.Carbon", "EdgeCloud.ServiceDefaults", "EdgeCloud.Sql"],

        // It knows every project, but by name only.
        ["EdgeCloud.AppHost"] = [],
        ["edgecloud"] = ["EdgeCloud.Contract", "EdgeCloud.Carbon", "EdgeCloud.Edge", "EdgeCloud.Sql"],
        ["EdgeCloud.ModelConverter"] = [],
    };

    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Lazy<IType[]> Types = new(() =>
        [.. new ArchLoader().LoadAssemblies([.. MayKnow.Keys.Select(Assembly.Load)]).Build().Types]);

    public static TheoryData<string> Projects => [.. MayKnow.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_the_projects_that_it_may(string project) =>
        Assert.Subset(
            MayKnow[project].Append(project).ToHashSet(),
            Dependencies().Where(pair => AssemblyOf(pair.From) == project)
                .Select(pair => AssemblyOf(pair.To)).Where(MayKnow.ContainsKey).ToHashSet());

    [Fact]
    public void Every_project_that_the_tests_know_has_a_rule() =>
        Assert.Subset(
            MayKnow.Keys.ToHashSet(),
            typeof(RoomTests).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
                .Where(name => name.StartsWith("EdgeCloud", StringComparison.OrdinalIgnoreCase)).ToHashSet());

    [Fact]
    public void The_contract_knows_no_ASP_NET() =>
        Assert.DoesNotContain(
            Dependencies().Where(pair => AssemblyOf(pair.From) == "EdgeCloud.Contract"),
            pair => pair.To.FullName.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal));

    [Fact]
    public void The_namespaces_of_a_project_form_no_cycle()
    {
        var knows = Dependencies().Where(pair => AssemblyOf(pair.From) == AssemblyOf(pair.To))
            .Select(pair => (From: NamespaceOf(pair.From), To: NamespaceOf(pair.To)))
            .Where(pair => pair.From != pair.To && IsOurs(pair.From) && IsOurs(pair.To))
            .ToLookup(pair => pair.From, pair => pair.To);
        var reachable = knows.ToDictionary(from => from.Key, from => Reachable(knows, from.Key));

        // Two namespaces are in a cycle when each can be reached from the other; each pair is named once.
        var cycles =
            from one in reachable
            from other in one.Value
            where string.CompareOrdinal(one.Key, other) < 0 && Reachable(knows, other).Contains(one.Key)
            select $"{one.Key} ⇄ {other}";
        Assert.Empty(cycles);
    }

    [Theory]
    [InlineData("EdgeCloud.Edge")]
    [InlineData("EdgeCloud.Server")]
    public void A_constructor_takes_at_most_six_arguments(string project) =>
        Assert.Empty(
            from type in Assembly.Load(project).GetTypes()
            where type.FullName!.StartsWith(project, StringComparison.Ordinal)
            from constructor in type.GetConstructors(Declared)
            where constructor.GetParameters().Length > 6
            select $"{type.FullName} takes {constructor.GetParameters().Length}");

    [Fact]
    public void The_outbox_is_entered_by_one_type() =>
        Assert.Equal(
            ["EventOutbox", "StoreResult"],
            Dependencies()
                .Where(pair =>
                    NamespaceOf(pair.To) == "EdgeCloud.Edge.Outbox" && AssemblyOf(pair.From) == "EdgeCloud.Edge")
                .Where(pair => NamespaceOf(pair.From) != "EdgeCloud.Edge.Outbox")
                .Select(pair => pair.To.Name).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Type parameters and pointers to functions are in no assembly.</summary>
    private static IEnumerable<(IType From, IType To)> Dependencies() =>
        Types.Value.SelectMany(type => type.Dependencies, (type, dependency) => (type, dependency.Target))
            .Where(pair => pair.Target.Assembly is not null);

    private static HashSet<string> Reachable(ILookup<string, string> knows, string from)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>(knows[from]);
        while (next.TryPop(out var to))
        {
            if (!reached.Add(to))
                continue;
            foreach (var further in knows[to])
                next.Push(further);
        }

        return reached;
    }

    private static bool IsOurs(string name) => name.StartsWith("EdgeCloud.", StringComparison.Ordinal);

    private static string AssemblyOf(IType type) => type.Assembly.Name.Split(',')[0];

    private static string NamespaceOf(IType type) => type.Namespace.FullName;
}
