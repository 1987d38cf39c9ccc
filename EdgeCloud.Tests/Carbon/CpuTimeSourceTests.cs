using EdgeCloud.Carbon;

namespace EdgeCloud.Tests.Carbon;

public sealed class CpuTimeSourceTests
{
    private const int Self = 7;

    [Fact]
    public void A_container_of_version_2_is_asked_itself_for_CPU_time_and_limits()
    {
        using var root = new FakeRoot().WithContainer(TimeSpan.FromSeconds(12.5), "50000 100000", "536870912");
        var source = CpuTimeSource.Choose(root.Path, Environment.ProcessId);
        Assert.Equal(("cgroup_v2", TimeSpan.FromSeconds(12.5)), (source.Method, source.Read()));
        Assert.Equal((0.5, 536_870_912L), (source.ControlGroup!.CpuLimit, source.ControlGroup.MemoryLimitBytes));
    }

    [Fact]
    public void A_container_without_limits_has_none()
    {
        using var root = new FakeRoot().WithContainer(TimeSpan.Zero);
        var group = CpuTimeSource.Choose(root.Path, Environment.ProcessId).ControlGroup!;
        Assert.Null(group.CpuLimit);
        Assert.Null(group.MemoryLimitBytes);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/kubepods/pod1/c1")]
    public void So_is_one_of_version_1_whatever_path_the_host_knows_it_by(string path)
    {
        using var root = new FakeRoot()
            .With("proc/self/cgroup", $"5:memory:{path}\n2:cpu,cpuacct:{path}\n0::/")
            .With("sys/fs/cgroup/cpu,cpuacct/cgroup.procs", Self)
            .With("sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", 2_500_000_000)
            .With("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", 150_000)
            .With("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", 100_000)
            .With("sys/fs/cgroup/memory/memory.limit_in_bytes", 9_223_372_036_854_771_712);
        var source = CpuTimeSource.Choose(root.Path, Self);
        Assert.Equal(("cgroup_v1", TimeSpan.FromSeconds(2.5)), (source.Method, source.Read()));
        Assert.Equal((1.5, null), (source.ControlGroup!.CpuLimit, source.ControlGroup.MemoryLimitBytes));
    }

    [Fact]
    public void A_group_with_other_processes_in_it_is_not_this_service()
    {
        using var root = new FakeRoot().WithContainer(TimeSpan.FromHours(9))
            .With("sys/fs/cgroup/cgroup.procs", $"1\n{Environment.ProcessId}");
        var source = CpuTimeSource.Choose(root.Path, Environment.ProcessId);
        Assert.Equal(("process", null), (source.Method, source.ControlGroup));
        Assert.InRange(source.Read()!.Value, TimeSpan.FromTicks(1), Environment.CpuUsage.TotalTime);
    }

    [Fact]
    public void Without_control_groups_it_is_the_process()
    {
        using var root = new FakeRoot();
        Assert.Equal("process", CpuTimeSource.Choose(root.Path, Self).Method);
    }
}
