using EdgeCloud.Carbon;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Motion;
using EdgeCloud.Edge.Pacing;
using EdgeCloud.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddCarbon("edge");
builder.AddFrames();
builder.AddInference();
builder.AddMotionGate();
builder.AddPacing();
builder.AddEvents();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapCarbon();
app.MapFrames();
app.MapPage("wwwroot-camera", "camera.html");
await app.RunServiceAsync();
