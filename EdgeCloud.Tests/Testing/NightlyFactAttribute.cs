namespace EdgeCloud.Tests.Testing;

/// <summary>
/// A test that takes long and rarely fails, since something quicker fails first; EDGECLOUD_TEST_NIGHTLY=1 runs it, as
/// the nightly workflow does, and it says that it was skipped otherwise.
/// </summary>
internal sealed class NightlyFactAttribute : FactAttribute
{
    private const string Variable = "EDGECLOUD_TEST_NIGHTLY";

    public NightlyFactAttribute() => Skip = WhySkipped;

    public static string? WhySkipped =>
        Environment.GetEnvironmentVariable(Variable) == "1" ? null : $"It runs every night; {Variable}=1 runs it here.";
}

/// <inheritdoc cref="NightlyFactAttribute"/>
internal sealed class NightlyTheoryAttribute : TheoryAttribute
{
    public NightlyTheoryAttribute() => Skip = NightlyFactAttribute.WhySkipped;
}
