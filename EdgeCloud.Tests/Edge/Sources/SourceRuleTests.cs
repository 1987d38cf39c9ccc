using System.Buffers;
using EdgeCloud.Edge.Sources;

namespace EdgeCloud.Tests.Edge.Sources;

public sealed class SourceRuleTests
{
    [Theory]
    [InlineData(1, 1, 0.75)]
    [InlineData(2, 2, 1.5)]
    [InlineData(5, 16, 12)]
    [InlineData(7, 60, 45)]
    [InlineData(1000, 60, 45)]
    public void Pauses_grow_from_one_second_to_sixty_less_the_jitter(int failures, double most, double least)
    {
        Assert.Equal(TimeSpan.FromSeconds(most), CameraSource.Pause(failures, 0));
        Assert.Equal(TimeSpan.FromSeconds(least), CameraSource.Pause(failures, 1));
    }

    [Fact]
    public void Neither_the_address_shown_nor_what_ffmpeg_says_has_a_secret_in_it()
    {
        var address = new SourceAddress("rtsp://joe:p%40ss'word@camera:554/user=joe&pin=1234?key=k3y");

        Assert.Equal("rtsp://camera:554", address.Shown);
        var said = address.Scrub(
            $"Impossible to open '{address.Full}': joe p@ss'word p%40ss'word key=k3y /user=joe&pin=1234 "
            + "rtsp://other:t0p@x/ failed");
        string[] secrets = ["joe", "p@ss", "p%40ss", "word", "k3y", "1234", "t0p"];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
        Assert.EndsWith("failed", said, StringComparison.Ordinal);
    }

    [Fact]
    public void An_apostrophe_in_an_address_does_not_end_it_in_ffmpegs_script() =>
        Assert.Contains(
            @"file 'http://camera/it'\''s'",
            FfmpegCommand.Script(new SourceAddress("http://camera/it's"), false, TimeSpan.FromSeconds(1)).Split('\n'));

    [Fact]
    public void Two_sources_of_one_device_are_refused_with_both_keys_and_no_address()
    {
        var options = new SourceList();
        for (var i = 0; i < 2; i++)
            options.Sources.Add(new SourceOptions { Url = "rtsp://u:s3cret@x/y", Device = "door" });

        var failure = new SourceValidation().Validate(null, options).FailureMessage;
        Assert.Equal("Edge:Sources:1:Device is that of Edge:Sources:0 already.", failure);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Output_is_split_into_pictures_however_it_arrives(int chunk)
    {
        byte[] stream = [7, .. Photo.Blank(8, 8), .. Photo.Astronaut, .. Photo.Blank(16, 8)];
        var splitter = new JpegSplitter(1_000_000);
        var pictures = new List<byte[]>();
        foreach (var part in stream.Chunk(chunk))
        {
            part.CopyTo(splitter.Chunk);
            splitter.Added(part.Length);
            while (splitter.TryTake(out var jpeg))
                pictures.Add(jpeg.ToArray());
        }

        Assert.Equal([Photo.Blank(8, 8), Photo.Astronaut, Photo.Blank(16, 8)], pictures);
    }

    [Fact]
    public void A_picture_that_is_too_large_is_given_up_before_its_end()
    {
        var splitter = new JpegSplitter(1000);
        Photo.Astronaut.AsSpan(0, 1001).CopyTo(splitter.Chunk.Span);
        splitter.Added(1001);

        Assert.Throws<InvalidDataException>(() => splitter.TryTake(out _));
    }
}
