using System.Text.Json;
using Microsoft.Playwright;

namespace EdgeCloud.Tests.Parity;

/// <summary>MediaPipe's web runtime, as its npm packages have it, in headless Chromium on the processor.</summary>
public sealed class MediaPipeRuntime : IAsyncLifetime
{
    private const string Address = "http://mediapipe.test/";

    /// <summary>
    /// The same scheme for both packages. The canvas must hand the pixels over as they are; the score of a face
    /// stands under a minified name. The region of a pose is in no result: it is read from the matrix that places the
    /// texture's samples (image_to_tensor_utils.cc, row by row), the last of which is the landmark model's.
    /// </summary>
    private const string Script =
        """
        solution => {
          const round = digits => value => Number(value.toFixed(digits));
          const scoreOf = face => {
            const isList = value => Array.isArray(value) && value[0] && 'index' in value[0];
            const [classification] = Object.values(face).find(isList);
            const isScore = ([key, value]) => key !== 'index' && typeof value === 'number';
            return Object.entries(classification).find(isScore)[1];
          };
          let matrix;
          const { uniformMatrix4fv } = WebGL2RenderingContext.prototype;
          WebGL2RenderingContext.prototype.uniformMatrix4fv = function (location, transpose, data, offset, length) {
            matrix = data.slice(offset, offset + length);
            uniformMatrix4fv.call(this, location, transpose, data, offset, length);
          };
          const region = ([xx, xy, , x, yx, yy, , y, , , scale], width, height) =>
            [
              (x + (xx + xy) / 2) * width, (y + (yx + yy) / 2) * height, scale * width,
              Math.atan2(yx * height, xx * width),
            ].map(round(7));
          const shapes = {
            faces: found => found.detections.map(face => {
              const { xCenter, yCenter, width, height } = face.boundingBox;
              return {
                Score: round(7)(scoreOf(face)),
                Box: [xCenter - width / 2, yCenter - height / 2, width, height].map(round(7)),
                Keypoints: face.landmarks.flatMap(point => [point.x, point.y]).map(round(7)),
              };
            }),
            pose: (found, width, height) => ({
              Landmarks: (found.poseLandmarks ?? [])
                .flatMap(point => [point.x, point.y, point.z, point.visibility]).map(round(6)),
              Region: found.poseLandmarks ? region(matrix, width, height) : [],
            }),
          };
          window.look = async ({ name, width, height, at, shape }) => {
            const pixels = new Uint8ClampedArray(await (await fetch('pixels/' + name)).arrayBuffer());
            const canvas = Object.assign(document.createElement('canvas'), { width, height });
            const context = canvas.getContext('2d', { willReadFrequently: true });
            context.putImageData(new ImageData(pixels, width, height), 0, 0);
            const { data } = context.getImageData(0, 0, width, height);
            if (!data.every((value, i) => value === pixels[i])) throw new Error('The canvas changed the pixels.');
            const found = new Promise(resolve => solution.onResults(resolve));
            await solution.send({ image: canvas }, at);
            return JSON.stringify(shapes[shape](await found, width, height));
          };
        }
        """;

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = FakeCamera.FindChromium(),
            Args = ["--no-sandbox", "--use-angle=swiftshader", "--use-gl=angle", "--enable-unsafe-swiftshader"],
        });
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <param name="pictures">Looked at one after the other.</param>
    /// <param name="model"><c>short</c> or <c>full</c>, at the threshold that MediaPipe has for it: one of our own
    /// together with the processor makes it abort.</param>
    internal async Task<IReadOnlyDictionary<string, ReferenceFace[]>> FacesAsync(
        IEnumerable<ParityPicture> pictures, string model)
    {
        var page = await OpenAsync(
            "face_detection", $"new FaceDetection({{ locateFile: file => file }})",
            $"{{ model: '{model}', selfieMode: false, useCpuInference: true }}", pictures);
        Dictionary<string, ReferenceFace[]> found = [];
        foreach (var picture in pictures)
            found[picture.Name] = await LookAsync<ReferenceFace[]>(page, picture, "faces", found.Count + 1);
        await page.CloseAsync();
        return found;
    }

    /// <param name="pictures">Each looked at twice, a second apart, as a stream of its own.</param>
    /// <param name="complexity">0 lite, 1 full, 2 heavy.</param>
    internal async Task<IReadOnlyDictionary<string, ReferencePose>> PosesAsync(
        IEnumerable<ParityPicture> pictures, int complexity)
    {
        Dictionary<string, ReferencePose> found = [];
        var page = await OpenAsync(
            "pose", "new Pose({ locateFile: file => file })",
            $"{{ modelComplexity: {complexity}, smoothLandmarks: true, enableSegmentation: false, "
            + $"minDetectionConfidence: 0.5, minTrackingConfidence: 0.5, useCpuInference: true }}", pictures);
        foreach (var picture in pictures)
        {
            await page.EvaluateAsync("solution.reset()");
            var first = await LookAsync<PoseFrame>(page, picture, "pose", 1000);
            var second = await LookAsync<PoseFrame>(page, picture, "pose", 2000);
            found[picture.Name] = new ReferencePose(first.Landmarks, second.Landmarks, first.Region, second.Region);
        }

        await page.CloseAsync();
        return found;
    }

    private async Task<IPage> OpenAsync(
        string package, string create, string options, IEnumerable<ParityPicture> pictures)
    {
        var files = Repository.NodeModule("@mediapipe", package);
        var byName = pictures.ToDictionary(picture => picture.Name);
        var page = await _browser.NewPageAsync();
        await page.RouteAsync($"{Address}**", route =>
        {
            var path = new Uri(route.Request.Url).AbsolutePath[1..];
            var file = Path.Combine(files, Path.GetFileName(path));
            return path switch
            {
                "" => route.FulfillAsync(new RouteFulfillOptions
                {
                    ContentType = "text/html",
                    Body = $"<!doctype html><script src='{package}.js'></script>",
                }),
                _ when path.StartsWith("pixels/", StringComparison.Ordinal) => route.FulfillAsync(
                    new RouteFulfillOptions { BodyBytes = byName[Path.GetFileName(path)].Pixels.Rgba() }),
                _ when File.Exists(file) =>
                    route.FulfillAsync(new RouteFulfillOptions { Path = file, ContentType = ContentType(file) }),
                _ => route.FulfillAsync(new RouteFulfillOptions { Status = 404 }),
            };
        });
        await page.GotoAsync(Address);
        await page.EvaluateAsync($"window.solution = {create}; solution.setOptions({options}); ({Script})(solution)");

        // The first round only learns from the options which graph they mean, the second loads it; sending before that
        // runs the full range model in the short range's graph.
        await page.EvaluateAsync("solution.initialize().then(() => solution.initialize())");
        return page;
    }

    private static async Task<T> LookAsync<T>(IPage page, ParityPicture picture, string shape, int atMilliseconds) =>
        JsonSerializer.Deserialize<T>(
            await page.EvaluateAsync<string>("look", new
            {
                name = picture.Name,
                width = picture.Pixels.Width,
                height = picture.Pixels.Height,
                at = atMilliseconds,
                shape,
            }))!;

    private sealed record PoseFrame(double[] Landmarks, double[] Region);

    private static string ContentType(string file) => Path.GetExtension(file) switch
    {
        ".js" => "text/javascript",
        ".wasm" => "application/wasm",
        _ => "application/octet-stream",
    };
}
