@dotnet run --project "%~dp0tools\EdgeCloud.Cli" --verbosity quiet -- %*
