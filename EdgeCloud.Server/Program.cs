using EdgeCloud.Carbon;
using EdgeCloud.Server.Api;
using EdgeCloud.Server.Devices;
using EdgeCloud.Server.Ingest;
using EdgeCloud.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddCarbon("server", countsFrames: false);
builder.AddDevices();
builder.AddIngest();
builder.AddApi();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapCarbon();
app.MapApi();
app.MapPage("wwwroot", "index.html");
await app.RunServiceAsync();
