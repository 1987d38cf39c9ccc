using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Tests.StandIns.OnnxRuntime;

public sealed class SharedArenaTests
{
    [Fact]
    public void Sessions_that_share_the_environment_s_arena_compute_what_they_should()
    {
        using var processor = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        using var configuration = new OrtArenaCfg(0, 1, -1, -1);
        OrtEnv.Instance().CreateAndRegisterAllocator(processor, configuration);
        using var options = new SessionOptions();
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        using var first = new InferenceSession(TinyModel.SumAndProduct, options);
        using var second = new InferenceSession(TinyModel.SumAndProduct, options);

        Assert.Equal([11, 22, 33, 44], Sum(first));
        Assert.Equal([11, 22, 33, 44], Sum(second));
        Assert.Same(OrtEnv.Instance(), OrtEnv.Instance());
    }

    [Fact]
    public void An_allocator_nobody_knows_is_refused() =>
        Assert.Throws<OnnxRuntimeException>(() => new OrtMemoryInfo([.. "Abacus\0"u8], OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default));

    private static float[] Sum(InferenceSession session)
    {
        long[] shape = [1, 4];
        float[] sum = new float[4], product = new float[4];
        using var a = OrtValue.CreateTensorValueFromMemory(new float[] { 1, 2, 3, 4 }, shape);
        using var b = OrtValue.CreateTensorValueFromMemory(new float[] { 10, 20, 30, 40 }, shape);
        using var sums = OrtValue.CreateTensorValueFromMemory(sum, shape);
        using var products = OrtValue.CreateTensorValueFromMemory(product, shape);
        using var binding = session.CreateIoBinding();
        binding.BindInput("a", a);
        binding.BindInput("b", b);
        binding.BindOutput("sum", sums);
        binding.BindOutput("product", products);
        using var run = new RunOptions();
        session.RunWithBinding(run, binding);
        return sum;
    }
}
