using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>A program running on a thread of its own, held at its <c>Build()</c> until the test has changed what it wants to change.</summary>
internal sealed class InterceptedProgram(
    Assembly program, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder) : EntryPointInterception
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Task ProgramEnded => _ended.Task;

    public Task<DistributedApplicationBuilder> StartAsync(CancellationToken cancellationToken)
    {
        var entryPoint = program.EntryPoint
            ?? throw new InvalidOperationException($"The assembly {program.GetName().Name} is no program: it has no entry point.");
        new Thread(() => Run(entryPoint)) { IsBackground = true, Name = $"{program.GetName().Name}.EntryPoint" }.Start();
        return _builder.Task.WaitAsync(cancellationToken);
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.TrySetResult();
        return _application.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the program at its <c>Build()</c> when it has not got any further.</summary>
    public async ValueTask AbandonAsync()
    {
        if (_mayBuild.TrySetCanceled()) await ProgramEnded;
    }

    public override void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings) =>
        TestingDefaults.Apply(program, args, options, settings, configureBuilder);

    public override void Building(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public override void Built(DistributedApplication application) => _application.TrySetResult(application);

    private void Run(MethodInfo entryPoint)
    {
        Exception failure = new InvalidOperationException($"The program {program.GetName().Name} ended without building a {nameof(DistributedApplication)}.");
        try
        {
            Current = this;
            entryPoint.Invoke(obj: null, entryPoint.GetParameters().Length == 0 ? [] : [args]);
        }
        catch (TargetInvocationException exception)
        {
            failure = exception.InnerException!;
        }
        finally
        {
            _builder.TrySetException(failure);
            _application.TrySetException(failure);
            _ended.TrySetResult();
        }
    }
}
