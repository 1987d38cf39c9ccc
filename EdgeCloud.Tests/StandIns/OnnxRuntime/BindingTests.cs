using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Tests.StandIns.OnnxRuntime;

public sealed class BindingTests
{
    private static readonly long[] Shape = [1, 4];

    private readonly float[] a = [1, 2, 3, 4];
    private readonly float[] b = [10, 20, 30, 40];
    private readonly float[] sum = new float[4];
    private readonly float[] product = new float[4];

    [Fact]
    public void A_run_reads_and_writes_the_bound_memory_every_time()
    {
        using var running = new Bound(this);

        running.Run();
        Assert.Equal([11, 22, 33, 44], sum);
        Assert.Equal([10, 40, 90, 160], product);

        a[2] = -3;
        running.Run();
        Assert.Equal([11, 22, 27, 44], sum);
        Assert.Equal([10, 40, -90, 160], product);
    }

    [Fact]
    public void A_run_allocates_nothing_in_managed_memory()
    {
        using var running = new Bound(this);
        for (var warmUp = 0; warmUp < 100; warmUp++)
            running.Run();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 1000; run++)
            running.Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Binding_a_name_again_replaces_its_memory()
    {
        using var running = new Bound(this);
        float[] other = [100, 100, 100, 100];
        using var value = OrtValue.CreateTensorValueFromMemory(other, Shape);

        running.Binding.BindInput("b", value);
        running.Run();

        Assert.Equal([101, 102, 103, 104], sum);
    }

    [Fact]
    public void Two_bindings_of_one_session_run_side_by_side()
    {
        using var session = new InferenceSession(TinyModel.SumAndProduct);

        Parallel.For(0, 4, worker =>
        {
            using var running = new Bound(new BindingTests(), session);
            for (var run = 0; run < 200; run++)
            {
                running.Owner.a[0] = worker + run;
                running.Run();
                Assert.Equal(worker + run + 10, running.Owner.sum[0]);
            }
        });
    }

    [Fact]
    public void An_input_the_model_does_not_have_is_refused()
    {
        using var running = new Bound(this);
        using var value = OrtValue.CreateTensorValueFromMemory(new float[4], Shape);

        Assert.EndsWith(": c", Assert.Throws<OnnxRuntimeException>(() => running.Binding.BindInput("c", value)).Message);
    }

    [Fact]
    public void An_output_the_model_does_not_have_is_refused_by_the_run()
    {
        using var running = new Bound(this);
        using var value = OrtValue.CreateTensorValueFromMemory(new float[4], Shape);
        running.Binding.BindOutput("difference", value);

        Assert.Contains("Invalid output name: difference", Assert.Throws<OnnxRuntimeException>(running.Run).Message);
    }

    [Fact]
    public void A_shape_that_the_model_does_not_take_is_refused_by_the_run()
    {
        using var running = new Bound(this);
        using var value = OrtValue.CreateTensorValueFromMemory(new float[5], [1, 5]);
        running.Binding.BindInput("a", value);

        Assert.Contains("dimension", Assert.Throws<OnnxRuntimeException>(running.Run).Message);
    }

    [StandInFact(typeof(InferenceSession))]
    public void What_is_disposed_cannot_be_used()
    {
        var running = new Bound(this);
        running.Dispose();

        Assert.Throws<ObjectDisposedException>(running.Run);
        Assert.Throws<ObjectDisposedException>(() => running.Session.CreateIoBinding());
    }

    private sealed class Bound : IDisposable
    {
        private readonly RunOptions options = new();
        private readonly OrtValue[] values;
        private readonly bool ownsSession;

        public Bound(BindingTests owner, InferenceSession? session = null)
        {
            Owner = owner;
            Session = session ?? new InferenceSession(TinyModel.SumAndProduct);
            ownsSession = session is null;
            Binding = Session.CreateIoBinding();
            values = [.. new[] { owner.a, owner.b, owner.sum, owner.product }.Select(data => OrtValue.CreateTensorValueFromMemory(data, Shape))];
            Binding.BindInput("a", values[0]);
            Binding.BindInput("b", values[1]);
            Binding.BindOutput("sum", values[2]);
            Binding.BindOutput("product", values[3]);
        }

        public BindingTests Owner { get; }

        public InferenceSession Session { get; }

        public OrtIoBinding Binding { get; }

        public void Run() => Session.RunWithBinding(options, Binding);

        public void Dispose()
        {
            Binding.Dispose();
            foreach (var value in values)
                value.Dispose();
            options.Dispose();
            if (ownsSession)
                Session.Dispose();
        }
    }
}
