using System.Text;
using EdgeCloud.Edge.Frames;

namespace EdgeCloud.Tests.Edge.Frames;

/// <summary>The examples of the WHATWG standards, and what clients send.</summary>
public sealed class DataUrlTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("YQ", "a")]
    [InlineData("YQ==", "a")]
    [InlineData("YR", "a")]
    [InlineData("YWI", "ab")]
    [InlineData("YWI=", "ab")]
    [InlineData("YWJj", "abc")]
    [InlineData(" Y W\tJ\nj\r\f", "abc")]
    [InlineData("YW\r\nJjZA", "abcd")]
    [InlineData("data:;base64,YWJj", "abc")]
    [InlineData("data:image/jpeg;base64,YWJj", "abc")]
    [InlineData("DATA:image/jpeg;charset=x; BASE64 ,YWJj", "abc")]
    [InlineData("data:image/jpeg;base64,YW%4A%6a", "abc")]
    public void What_browsers_take_is_taken(string text, string expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.True(DataUrl.TryDecodeInPlace(bytes, out var length));
        Assert.Equal(expected, Encoding.ASCII.GetString(bytes, 0, length));
    }

    [Theory]
    [InlineData("Y")]
    [InlineData("YWJjZ")]
    [InlineData("YQ=")]
    [InlineData("YQ===")]
    [InlineData("Y=Q=")]
    [InlineData("YQ==YQ==")]
    [InlineData("YW-_")]
    [InlineData("data:image/jpeg,YWJj")]
    [InlineData("data:image/jpegbase64,YWJj")]
    [InlineData("data:image/jpeg;base64")]
    [InlineData("data:image/jpeg;base64,YW%zzJj")]
    [InlineData("data:image/jpeg;base64,%")]
    public void What_browsers_reject_is_rejected(string text) =>
        Assert.False(DataUrl.TryDecodeInPlace(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Any_bytes_come_back()
    {
        var random = new Random(3);
        for (var length = 0; length < 200; length++)
        {
            var expected = new byte[length];
            random.NextBytes(expected);
            var text = Encoding.ASCII.GetBytes(Convert.ToBase64String(expected).TrimEnd('='));
            Assert.True(DataUrl.TryDecodeInPlace(text, out var decoded));
            Assert.Equal(expected, text[..decoded]);
        }
    }
}
