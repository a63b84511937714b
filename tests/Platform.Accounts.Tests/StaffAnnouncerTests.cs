using System.Net;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Accounts.Tests;

public sealed class StaffAnnouncerTests(AccountsFixture fixture) : IClassFixture<AccountsFixture>
{
    [Fact]
    public async Task Who_is_taken_on_renamed_or_deactivated_is_told_by_name_alone()
    {
        var member = await fixture.NewMember(Roles.Writer);
        (await fixture.Spy.Hears<StaffNamed>(m => m.StaffId == member.Id && m.Version == 1)).ShouldBe(new StaffNamed { StaffId = member.Id, Version = 1, Name = "Member", Active = true });

        var answer = await fixture.Send(HttpMethod.Put, $"/api/staff/{member.Id}", await fixture.Admin(), new { name = "سعاد", roles = new[] { "writer" }, active = false }, "\"1\"");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await fixture.Spy.Hears<StaffNamed>(m => m.StaffId == member.Id && m.Version == 2)).ShouldBe(new StaffNamed { StaffId = member.Id, Version = 2, Name = "سعاد", Active = false });
        string.Join('\n', fixture.Spy.Heard<StaffNamed>()).ShouldNotContain("@");
    }

    [Fact]
    public async Task Everybody_is_told_again_at_start()
    {
        var member = await fixture.NewMember(Roles.Moderator);
        await fixture.Spy.Hears<StaffNamed>(m => m.StaffId == member.Id);

        await using var replica = await fixture.StartReplica();

        await Platform.Testing.Eventually.True(() => Task.FromResult(fixture.Spy.Heard<StaffNamed>().Count(m => m.StaffId == member.Id) > 1), "the member to be told again");
        await fixture.Spy.Hears<StaffNamed>(m => m.Name == "Admin");
    }

    [Fact]
    public async Task Who_comes_up_a_moment_later_hears_it_too()
    {
        var member = await fixture.NewMember(Roles.Moderator);
        await fixture.Spy.Hears<StaffNamed>(m => m.StaffId == member.Id);

        await using var replica = await fixture.StartReplica();

        // When it was new, when the replica came up, and when others may have come up, too.
        await Platform.Testing.Eventually.True(() => Task.FromResult(fixture.Spy.Heard<StaffNamed>().Count(m => m.StaffId == member.Id) > 2), "the member to be told once more");
    }
}
