using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Edge.Phone;

[Description("A phone that may send frames.")]
internal sealed record PairedPhone
{
    public const int MaxNameLength = 64;

    [Description("The device that it sends as, and no other."), StringLength(Contract.DeviceId.MaxLength)]
    [RegularExpression(Contract.DeviceId.Pattern)]
    public required string DeviceId { get; init; }

    [Description("What its owner calls it; empty at first."), StringLength(MaxNameLength)]
    public string Name { get; init; } = "";

    [Description("When it was paired.")]
    public required DateTimeOffset PairedAt { get; init; }
}
