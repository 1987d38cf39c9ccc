using EdgeCloud.Carbon;
using EdgeCloud.Edge;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference.Streams;
using EdgeCloud.Edge.Motion;
using EdgeCloud.Edge.Outbox;
using EdgeCloud.Edge.Pacing;
using EdgeCloud.Edge.Phone;
using EdgeCloud.Edge.Presence;
using EdgeCloud.Edge.Sources;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.Edge.Zones;
using EdgeCloud.ServiceDefaults;

await ServiceRun.RunAsync(
    args,
    static builder =>
    {
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(EdgeApi.Description);
        builder.AddEdgeTelemetry();
        builder.AddCarbon("edge");
        builder.AddFrames();
        builder.AddInference();
        builder.AddMotionGate();
        builder.AddPacing();
        builder.AddOutbox();
        builder.AddZones();
        builder.AddPresence();
        builder.AddFramePipeline();
        builder.AddSources();
        builder.AddPhone();
    },
    static app =>
    {
        app.MapDefaultEndpoints();
        app.MapCarbon();
        app.MapFrames(app.Services.GetRequiredService<FrameProcess>());
        app.MapZones();
        app.MapOutbox();
        app.MapSources();
        app.MapPhone();
        app.MapPage("wwwroot-camera", "camera.html");
    });
