using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Accounts.Keys;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Accounts.Tests.Keys;

public sealed class SigningKeysTests : IAsyncLifetime
{
    // The first day of a period.
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch + (700 * SigningKeys.Period);
    private readonly FakeTimeProvider _clock = new(Start);
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await Infrastructure.NewDatabase();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Replicas_that_start_together_agree_on_one_key()
    {
        var replicas = Enumerable.Range(0, 8).Select(_ => Replica()).ToArray();

        await Task.WhenAll(replicas.Select(r => r.Refresh(TestContext.Current.CancellationToken)));

        replicas.Select(KeyOf).Distinct().ShouldHaveSingleItem();
        replicas.ShouldAllBe(r => r.Published.Count == 1);
    }

    [Fact]
    public async Task A_key_is_published_before_it_signs_and_after_its_last_token()
    {
        var keys = Replica();
        await keys.Refresh(TestContext.Current.CancellationToken);
        var first = KeyOf(keys);

        await At(keys, Start + SigningKeys.Period - SigningKeys.PublishedBefore + TimeSpan.FromMinutes(1));
        keys.Published.Count.ShouldBe(2);
        KeyOf(keys).ShouldBe(first);

        await At(keys, Start + SigningKeys.Period + TimeSpan.FromMinutes(1));
        var second = KeyOf(keys);
        second.ShouldNotBe(first);
        keys.Published.Select(k => k.KeyId).ShouldBe([first, second]);

        await At(keys, Start + SigningKeys.Period + SigningKeys.PublishedAfter + TimeSpan.FromMinutes(1));
        keys.Published.Select(k => k.KeyId).ShouldBe([second]);
    }

    [Fact]
    public async Task The_private_key_is_sealed_and_only_public_parts_are_published()
    {
        var keys = Replica();
        await keys.Refresh(TestContext.Current.CancellationToken);

        foreach (var key in keys.Published) Should.Throw<CryptographicException>(() => key.ECDsa.ExportParameters(includePrivateParameters: true));
        var stored = await _database.Database.GetCollection<BsonDocument>("signingKeys").Find(FilterDefinition<BsonDocument>.Empty).SingleAsync(TestContext.Current.CancellationToken);
        Should.Throw<CryptographicException>(() => ECDsa.Create().ImportPkcs8PrivateKey(stored["sealed"].AsByteArray, out _));
    }

    [Fact]
    public async Task After_a_change_of_the_secret_new_keys_sign_and_the_old_ones_stay_published()
    {
        var before = Replica();
        await before.Refresh(TestContext.Current.CancellationToken);
        var after = Replica("another secret that is also long enough for it");
        await after.Refresh(TestContext.Current.CancellationToken);
        await before.Refresh(TestContext.Current.CancellationToken);

        KeyOf(after).ShouldNotBe(KeyOf(before));
        after.Published.Select(k => k.KeyId).ShouldBe([KeyOf(before), KeyOf(after)], ignoreOrder: true);
        before.Published.Count.ShouldBe(2);
    }

    [Fact]
    public void Without_keys_nothing_is_signed() => Should.Throw<Problem>(() => KeyOf(Replica())).Status.ShouldBe(503);

    private static string KeyOf(SigningKeys keys) => new JsonWebToken(keys.Sign(Guid.NewGuid(), "Name", [])).Kid;

    private Task At(SigningKeys keys, DateTimeOffset time)
    {
        _clock.SetUtcNow(time);
        return keys.Refresh(TestContext.Current.CancellationToken);
    }

    private SigningKeys Replica(string? secret = null)
    {
        var settings = new Dictionary<string, string?>(TestSettings.Default);
        if (secret is not null) settings["SERVICE_SECRET"] = secret;
        return new SigningKeys(new SigningKeyStore(_database.Database), new PlatformSettings(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()), _clock, NullLogger<SigningKeys>.Instance);
    }
}
