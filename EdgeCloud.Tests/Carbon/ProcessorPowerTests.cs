using EdgeCloud.Carbon;

namespace EdgeCloud.Tests.Carbon;

public sealed class ProcessorPowerTests
{
    [Theory]
    [InlineData("AuthenticAMD", 25, 1, 1, "AMD EPYC 3rd generation")]
    [InlineData("AuthenticAMD", 25, 17, 1, "AMD EPYC 4th generation")]
    [InlineData("AuthenticAMD", 25, 0x61, 2, "unknown")]
    [InlineData("AuthenticAMD", 26, 2, 1, "AMD EPYC 5th generation")]
    [InlineData("GenuineIntel", 6, 85, 4, "Intel Skylake")]
    [InlineData("GenuineIntel", 6, 85, 7, "Intel Cascade Lake")]
    [InlineData("GenuineIntel", 6, 143, 8, "Intel Sapphire Rapids")]
    [InlineData("GenuineIntel", 6, 142, 12, "unknown")]
    public void The_family_is_told_by_its_numbers_even_when_a_virtual_machine_hides_its_name(
        string vendor, int family, int model, int stepping, string expected) =>
        Assert.Equal(expected, ProcessorPower.Of(
            $"processor\t: 0\nvendor_id\t: {vendor}\ncpu family\t: {family}\nmodel\t\t: {model}\n"
            + $"model name\t: Some CPU\nstepping\t: {stepping}\nprocessor\t: 1\nmodel\t\t: 99\n").Family);

    [Fact]
    public void Of_an_unknown_one_the_bounds_are_wide()
    {
        var unknown = ProcessorPower.Of("");
        Assert.Equal((0.74, 2.76), (unknown.IdleWatts.Mean, unknown.ActiveWatts.Mean));
        Assert.True(unknown.ActiveWatts.High > 5 * unknown.ActiveWatts.Low);
    }

    [Fact]
    public void An_Arm_processor_is_told_by_its_part() =>
        Assert.Equal("Arm Neoverse N1", ProcessorPower.Of("CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n").Family);
}
