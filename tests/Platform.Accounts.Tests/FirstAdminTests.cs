using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Accounts.Tests;

public sealed class FirstAdminTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await Infrastructure.NewDatabase();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Replicas_and_later_starts_make_one()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Admin("first@newsroom.example").Ensure(TestContext.Current.CancellationToken)));
        var made = await Staff.FindByEmail("first@newsroom.example", TestContext.Current.CancellationToken);
        await Admin("FIRST@newsroom.example").Ensure(TestContext.Current.CancellationToken);

        (await Staff.List(null, 100, TestContext.Current.CancellationToken)).ShouldHaveSingleItem().PasswordHash.ShouldBe(made!.PasswordHash);
    }

    [Fact]
    public async Task Another_address_makes_another_admin_for_who_is_locked_out()
    {
        await Admin("first@newsroom.example").Ensure(TestContext.Current.CancellationToken);
        await Admin("second@newsroom.example").Ensure(TestContext.Current.CancellationToken);

        (await Staff.List(null, 100, TestContext.Current.CancellationToken)).Count(m => m.IsActiveAdmin()).ShouldBe(2);
    }

    [Fact]
    public async Task Without_settings_none_is_made()
    {
        await Admin(null).Ensure(TestContext.Current.CancellationToken);

        (await Staff.List(null, 100, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("admin@newsroom.example", null)]
    [InlineData("admin@newsroom.example", "short")]
    [InlineData("admin@newsroom.example", "password1234")]
    [InlineData(null, "nine green bottles")]
    [InlineData("admin", "nine green bottles")]
    public void Wrong_settings_are_named(string? email, string? password) =>
        Should.Throw<SettingException>(() => Settings(email, password)).Message.ShouldStartWith("PLATFORM_ADMIN_");

    private StaffStore Staff => new(_database.Database);

    private FirstAdmin Admin(string? email) => new(Settings(email, email is null ? null : "nine green bottles"), Staff, new PasswordHasher<StaffMember>(), TimeProvider.System, NullLogger<FirstAdmin>.Instance);

    private static FirstAdminSettings Settings(string? email, string? password) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([new("PLATFORM_ADMIN_EMAIL", email), new("PLATFORM_ADMIN_PASSWORD", password)]).Build());
}
