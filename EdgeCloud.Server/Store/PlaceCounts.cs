using EdgeCloud.Contract;

namespace EdgeCloud.Server.Store;

/// <summary>A zone or a line of a device, in a bucket of time.</summary>
internal readonly record struct PlaceKey(CountKey Bucket, string Name) : IComparable<PlaceKey>
{
    public int CompareTo(PlaceKey other) =>
        Bucket.CompareTo(other.Bucket) is not 0 and var order ? order : string.CompareOrdinal(Name, other.Name);
}

/// <summary>The sums of one zone's minute or hour.</summary>
internal sealed class ZoneCounts
{
    /// <summary>Those whose events say how many persons were in the zone.</summary>
    public long Frames { get; private set; }

    public long Persons { get; private set; }
    public int PersonsMax { get; private set; }

    public void Add(int persons)
    {
        Frames++;
        Persons += persons;
        PersonsMax = Math.Max(PersonsMax, persons);
    }
}

/// <summary>How often one line was crossed in a minute or an hour.</summary>
internal sealed class LineCounts
{
    public long Forward { get; private set; }
    public long Backward { get; private set; }

    public void Add(CrossingDirection direction)
    {
        if (direction == CrossingDirection.Forward)
            Forward++;
        else
            Backward++;
    }
}
