using EdgeCloud.Carbon;
using EdgeCloud.Server.Api;
using EdgeCloud.Server.Ingest;
using EdgeCloud.Server.Store;
using EdgeCloud.ServiceDefaults;

await ServiceRun.RunAsync(
    args,
    static builder =>
    {
        builder.AddServiceDefaults();
        builder.AddCarbon("server", countsFrames: false);
        builder.AddStore();
        builder.AddIngest();
        builder.AddApi();
    },
    static app =>
    {
        app.OpenStore();
        app.MapDefaultEndpoints();
        app.MapCarbon();
        app.MapApi();
        app.MapPage("wwwroot", "index.html");
    });
