namespace EdgeCloud.Tests.StandIns;

/// <summary>What only the stand-in promises; every other test of these folders holds for the real package as well.</summary>
internal sealed class StandInFactAttribute : FactAttribute
{
    public StandInFactAttribute(Type subject)
    {
        if (!subject.Assembly.GetName().Name!.StartsWith("EdgeCloud.StandIns.", StringComparison.Ordinal))
            Skip = "The real package is in use; it leaves this undefined.";
    }
}
