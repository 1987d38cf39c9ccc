using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Tests.StandIns.OnnxRuntime;

public sealed class ValueLifetimeTests
{
    private static readonly long[] Shape = [1, 4];

    [Fact]
    public void Memory_stays_pinned_exactly_until_its_value_is_disposed()
    {
        var memory = new CountedMemory();

        var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory.Memory, Shape);
        Assert.Equal(1, memory.Pins);

        value.Dispose();
        value.Dispose();
        Assert.Equal(0, memory.Pins);
    }

    [Fact]
    public void Memory_is_unpinned_when_no_tensor_can_be_made_of_it()
    {
        var memory = new CountedMemory();

        Assert.Throws<OnnxRuntimeException>(() => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory.Memory, [1, 5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory.Memory, [-1, 4]));
        Assert.ThrowsAny<Exception>(() => OrtValue.CreateTensorValueFromMemory(null!, memory.Memory, Shape));

        Assert.Equal(0, memory.Pins);
    }

    [StandInFact(typeof(OrtValue))]
    public void A_bound_value_keeps_its_memory_pinned_until_the_binding_goes_too()
    {
        var memory = new CountedMemory();
        using var session = new InferenceSession(TinyModel.SumAndProduct);
        var binding = session.CreateIoBinding();
        var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory.Memory, Shape);
        binding.BindInput("a", value);

        value.Dispose();
        Assert.Equal(1, memory.Pins);

        binding.Dispose();
        Assert.Equal(0, memory.Pins);
    }

    [StandInFact(typeof(OrtValue))]
    public void A_value_that_is_replaced_in_a_binding_is_let_go()
    {
        var (first, second) = (new CountedMemory(), new CountedMemory());
        using var session = new InferenceSession(TinyModel.SumAndProduct);
        using var binding = session.CreateIoBinding();
        foreach (var memory in new[] { first, second })
        {
            using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory.Memory, Shape);
            binding.BindOutput("sum", value);
        }

        Assert.Equal((0, 1), (first.Pins, second.Pins));
    }

    [Fact]
    public void A_binding_keeps_its_values_and_their_memory_through_a_garbage_collection()
    {
        using var session = new InferenceSession(TinyModel.SumAndProduct);
        using var binding = session.CreateIoBinding();
        using var options = new RunOptions();
        var sum = new float[4];
        var product = new float[4];
        BindAndForget(binding, sum, product);

        for (var round = 0; round < 3; round++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        session.RunWithBinding(options, binding);

        Assert.Equal([11, 22, 33, 44], sum);
        Assert.Equal([10, 40, 90, 160], product);
    }

    [Fact]
    public void A_value_shows_the_memory_it_was_made_of()
    {
        float[] data = [1, 2, 3, 4, 5, 6];
        using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, data.AsMemory(1), Shape);

        value.GetTensorMutableDataAsSpan<float>()[0] = 20;

        Assert.Equal([20, 3, 4, 5], value.GetTensorDataAsSpan<float>());
        Assert.Equal(20, data[1]);
        Assert.Equal(16, value.GetTensorDataAsSpan<byte>().Length);
    }

    [Fact]
    public void A_value_is_not_shown_as_another_type()
    {
        using var value = OrtValue.CreateTensorValueFromMemory(new long[4], Shape);

        Assert.Throws<OnnxRuntimeException>(() => value.GetTensorDataAsSpan<double>().Length);
    }

    [Fact]
    public void A_type_that_tensors_do_not_have_is_refused()
    {
        Assert.Throws<OnnxRuntimeException>(() => OrtValue.CreateTensorValueFromMemory(new char[4], Shape));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BindAndForget(OrtIoBinding binding, float[] sum, float[] product)
    {
        binding.BindInput("a", OrtValue.CreateTensorValueFromMemory<float>([1, 2, 3, 4], Shape));
        binding.BindInput("b", OrtValue.CreateTensorValueFromMemory<float>([10, 20, 30, 40], Shape));
        binding.BindOutput("sum", OrtValue.CreateTensorValueFromMemory(sum, Shape));
        binding.BindOutput("product", OrtValue.CreateTensorValueFromMemory(product, Shape));
    }

    private sealed unsafe class CountedMemory : MemoryManager<float>
    {
        private readonly float[] data = GC.AllocateArray<float>(4, pinned: true);

        public int Pins { get; private set; }

        public override Span<float> GetSpan() => data;

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            Pins++;
            return new MemoryHandle(Unsafe.AsPointer(ref data[elementIndex]), pinnable: this);
        }

        public override void Unpin() => Pins--;

        protected override void Dispose(bool disposing)
        {
        }
    }
}
