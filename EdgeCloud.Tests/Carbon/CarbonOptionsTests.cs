using System.ComponentModel.DataAnnotations;
using EdgeCloud.Carbon;

namespace EdgeCloud.Tests.Carbon;

public sealed class CarbonOptionsTests
{
    [Theory]
    [InlineData(IntensitySource.Fixed, null, "", "", "DE", "Carbon:GramsPerKwh")]
    [InlineData(IntensitySource.File, null, "", "", "DE", "Carbon:File")]
    [InlineData(IntensitySource.File, null, "e.json", "", "", "Carbon:Location")]
    [InlineData(IntensitySource.CarbonAwareSdk, null, "", "", "DE", "Carbon:Url")]
    [InlineData(IntensitySource.CarbonAwareSdk, null, "", "file:///etc", "DE", "Carbon:Url")]
    [InlineData(IntensitySource.CarbonAwareSdk, null, "", "http://sdk:8080", "", "Carbon:Location")]
    public void A_source_without_what_it_needs_is_refused_by_the_key_that_is_missing(
        IntensitySource source, double? grams, string file, string url, string location, string key)
    {
        var options = new CarbonOptions
        {
            Source = source,
            GramsPerKwh = grams,
            File = file,
            Url = url.Length == 0 ? null : new Uri(url),
            Location = location,
        };
        Assert.StartsWith(key + " ", Assert.Single(Problems(options)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_complete_is_taken()
    {
        Assert.Empty(Problems(new CarbonOptions()));
        Assert.Empty(Problems(new CarbonOptions { Source = IntensitySource.Fixed, GramsPerKwh = 30 }));
        Assert.Empty(Problems(new CarbonOptions
        {
            Source = IntensitySource.CarbonAwareSdk,
            Url = new Uri("http://sdk:8080"),
            Location = "DE",
        }));
    }

    private static List<string?> Problems(CarbonOptions options)
    {
        List<ValidationResult> problems = [];
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        return [.. problems.Select(problem => problem.ErrorMessage)];
    }
}
