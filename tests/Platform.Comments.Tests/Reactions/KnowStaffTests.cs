using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Reactions;

public sealed class KnowStaffTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private Task Tell(Guid id, long version, string name, bool active = true) => fixture.Spy.Publish(new StaffNamed { StaffId = id, Version = version, Name = name, Active = active });

    private async Task<int> Try(Guid article, string name) => (int)(await fixture.TryPost(article, new { name, email = CommentsFixture.NewEmail(), body = "نص " + Guid.NewGuid() })).StatusCode;

    [Fact]
    public async Task A_guest_cannot_pass_for_staff()
    {
        var article = await fixture.Article();
        await Tell(Guid.CreateVersion7(), 1, "Layla Ali");
        await Tell(Guid.CreateVersion7(), 1, "سُعاد الكاظمي");
        await Eventually.True(async () => await Try(article, "Layla Ali") == 409 && await Try(article, "سعاد الكاظمي") == 409, "the names to be known");

        foreach (var name in new[] { "layla ali", "LAYLA  ALI", "Lауlа Аli", "Layla AIi", "Lay\u200bla\u200f Ali", "Láyla Ali", "Ｌａｙｌａ Ali", "L.a.y.l.a Ali", "سعاد الکاظمى", "سعـاد الكاظمي", "ﺳﻌﺎد الكاظمي", "سعاد-الكاظمي" })
            (await (await fixture.TryPost(article, new { name, email = CommentsFixture.NewEmail(), body = "نص" })).Problem(409, "comment.nameTaken")).ToString().ShouldNotContain("Layla");
        foreach (var name in new[] { "Layla", "Layla Alison", "سعاد", "سعاد الكاظم", "ليلى علي" }) (await Try(article, name)).ShouldBe(201, name);
    }

    [Fact]
    public async Task A_name_that_has_a_staff_members_in_it_or_mixes_scripts_is_held()
    {
        var article = await fixture.Article();
        await Tell(Guid.CreateVersion7(), 1, "Huda Mansour");
        await Eventually.True(async () => await Try(article, "Huda Mansour") == 409, "the name to be known");

        (await fixture.Post(article, name: "Huda Mansour (editor)")).Text("status").ShouldBe("held");
        (await fixture.Post(article, name: "Маrк Twain")).Text("status").ShouldBe("held");
        (await fixture.Post(article, name: "Ali علي")).Text("status").ShouldBe("published");
    }

    [Fact]
    public async Task Of_versions_that_come_at_the_same_moment_the_highest_holds()
    {
        var store = fixture.Services.GetRequiredService<StaffNameStore>();
        for (var round = 0; round < 30; round++)
        {
            var id = Guid.CreateVersion7();
            await Task.WhenAll(Enumerable.Range(1, 8).Select(version => store.Know(id, version, $"Round{round} Number{version}", active: true, default)));
            (await store.ReadRecent(default)).All.Where(n => n.StartsWith($"Round{round} ", StringComparison.Ordinal)).ShouldBe([$"Round{round} Number8"]);
        }
    }

    [Fact]
    public async Task The_highest_version_holds_whatever_the_order_and_who_has_left_frees_the_name()
    {
        var article = await fixture.Article();
        var id = Guid.CreateVersion7();
        foreach (var version in new long[] { 3, 1, 3, 2 }) await Tell(id, version, $"Samir Number{version}");
        await Eventually.True(async () => await Try(article, "Samir Number3") == 409, "the third name to be known");
        await Tell(id, 4, "Samir Number4", active: false);

        await Eventually.True(async () => await Try(article, "Samir Number3") == 201, "the name to be free");
        (await Try(article, "Samir Number2")).ShouldBe(201);
        (await Try(article, "Samir Number4")).ShouldBe(201);
    }
}
