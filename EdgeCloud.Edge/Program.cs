using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddFrames();
builder.AddInference();
builder.AddEvents();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapFrames();
app.MapPage("wwwroot-camera", "camera.html");
await app.RunServiceAsync();
