using Microsoft.AspNetCore.Http;
using Platform.Gateway.Caching;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Caching;

public sealed class CacheKeyTests
{
    [Theory]
    [InlineData("/a", "", "/a", "?utm_source=x", false, true)]
    [InlineData("/a", "?b=1&a=2", "/a", "?a=2&b=1", false, true)]
    [InlineData("/a", "?a=1&a=2", "/a", "?a=2&a=1", false, true)]
    [InlineData("/a", "?a=%D8%A8", "/a", "?a=ب", false, true)]
    [InlineData("/a", "?a=1", "/a", "?a=2", false, false)]
    [InlineData("/a", "?a=1", "/A", "?a=1", false, false)]
    [InlineData("/a", "", "/a", "?utm_source=x", true, false)]
    [InlineData("/a", "?a=1%26b%3D2", "/a", "?a=1&b=2", false, false)]
    [InlineData("/a", "?a=", "/a", "", false, false)]
    public void Two_requests_share_an_answer_if_they_ask_the_same(string path, string query, string otherPath, string otherQuery, bool api, bool same) =>
        (Key(path, query, api) == Key(otherPath, otherQuery, api)).ShouldBe(same);

    private static string Key(string path, string query, bool api)
    {
        var http = new DefaultHttpContext { Request = { Path = path, QueryString = new QueryString(query) } };
        return CacheKey.Of(http.Request, api);
    }
}
