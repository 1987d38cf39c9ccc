using Microsoft.Playwright;

namespace EdgeCloud.Tests.Browser;

/// <summary>axe-core looks at a page as it stands: WCAG 2.2 A and AA, and its own good practices.</summary>
internal static class Axe
{
    private static readonly string Script = Repository.NodeModule("axe-core", "axe.min.js");

    public static async Task FindsNothingAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
            await page.AddScriptTagAsync(new PageAddScriptTagOptions { Path = Script });
        var violations = await page.EvaluateAsync<string[]>(
            "axe.run({ preload: false }).then(result => result.violations.flatMap(rule => rule.nodes.map(node => "
            + "`${rule.id}: ${node.target} ${node.failureSummary}`)))");
        Assert.Empty(violations);
    }
}
