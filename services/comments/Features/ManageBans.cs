using System.Globalization;
using System.Net;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Comments.Features;

/// <summary>Moderators say who may not comment, and take it back.</summary>
public static class ManageBans
{
    /// <summary>At least one of the first three; each of them bans by itself.</summary>
    /// <param name="Email">Whoever writes under this address, in any spelling of it.</param>
    /// <param name="Name">Whoever takes this name, or one that looks like it.</param>
    /// <param name="IpPrefix">Whoever writes from this network (CIDR): at least /8 of IPv4, /16 of IPv6.</param>
    /// <param name="Until">When it ends; absent: never.</param>
    /// <param name="Reason">For moderators; at most 500 characters.</param>
    public sealed record BanRequest(string? Email = null, string? Name = null, string? IpPrefix = null, DateTimeOffset? Until = null, string? Reason = null);

    /// <param name="Active">Whether it holds now: it has not run out.</param>
    public sealed record BanView(Guid Id, string? Email, string? Name, string? IpPrefix, DateTimeOffset? Until, string Reason, ReadLog.ActorView By, DateTimeOffset CreatedAt, bool Active);

    /// <summary>Bans that were not lifted, newest first.</summary>
    public static async Task<Page<BanView>> List(PageRequest page, BanStore bans, Guests guests, Cursors cursors, TimeProvider clock, CancellationToken ct)
    {
        var position = page.Cursor switch
        {
            null => Position.AfterNewest,
            ["bans", var at, var id] => new Position(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), Guid.Parse(id)),
            _ => throw Cursors.Foreign(),
        };
        return page.Cut(await bans.List(position, page.Limit + 1, ct), cursors,
            b => ["bans", b.CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), b.Id.ToString()], b => View(b, guests, clock));
    }

    /// <summary>Bans; it holds within a second, for new comments and for changes of old ones.</summary>
    /// <returns>201; 400; 422 <c>ban.tooWide</c>, <c>ban.untilInPast</c>, <c>ban.tooMany</c>.</returns>
    public static async Task<Versioned<BanView>> Add(BanRequest request, NewId id, CurrentUser user, BanStore bans, LogStore log, Guests guests, PlatformSettings platform, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var (email, name, prefix) = (Email(), errors.OptionalText(PlainText.Line(request.Name), Comment.MaxName, "name"), Prefix());
        var reason = errors.Text(request.Reason, 500);
        if (email is null && name is null && prefix is null) errors.Add("email", "Give email, name or ipPrefix.");
        if (name is not null) errors.Check(LookAlikes.OfName(name).Length > 0, "name", "Has neither letter nor digit.");
        errors.ThrowIfAny();
        var now = clock.Now();
        if (request.Until <= now) throw Problem.Rule("ban.untilInPast", "It would have ended already.");
        if ((await bans.ReadRecent(ct)).Bans.Count >= BanStore.Most) throw Problem.Rule("ban.tooMany", "Lift some bans first.");
        var ban = new Ban
        {
            Id = id.Value,
            Version = 1,
            Email = email is null ? null : guests.Seal(email),
            Author = email is null ? null : guests.Author(email),
            AddressKey = email is null ? null : guests.Key,
            Name = name,
            IpPrefix = prefix?.ToString(),
            Until = request.Until,
            Reason = reason,
            By = user.Id,
            ByName = user.Name,
            CreatedAt = now,
            ChangedAt = now,
        };
        var line = ActionTaken.Of(user, ModerationAction.BanAdded, ban.Id, now) with { Reason = reason };
        var made = await bans.Insert(ban, line, ct);
        if (made.CreatedAt == now) await log.Hasten([line], ct);
        return new(View(made, guests, clock), made.Version, StatusCodes.Status201Created, platform.Public($"/api/moderation/bans/{made.Id}"));

        string? Email() => string.IsNullOrWhiteSpace(request.Email) ? null : errors.Email(request.Email);

        IPNetwork? Prefix()
        {
            if (string.IsNullOrWhiteSpace(request.IpPrefix)) return null;
            var read = Ban.ReadPrefix(request.IpPrefix.Trim());
            errors.Check(read is not null, "ipPrefix", "A network in CIDR notation, such as 203.0.113.0/24 or 2001:db8::/48.");
            return read;
        }
    }

    /// <summary>Takes a ban back; the address in it is erased.</summary>
    /// <returns>204; 404, also for what was lifted before.</returns>
    public static async Task<IResult> Lift(Guid id, CurrentUser user, BanStore bans, LogStore log, TimeProvider clock, CancellationToken ct)
    {
        while (true)
        {
            if (await bans.Find(id, ct) is not { Lifted: false } ban) throw Problem.NotFound("ban");
            var line = ActionTaken.Of(user, ModerationAction.BanLifted, id, clock.Now());
            if (!await bans.Save(ban.Lift(line.At), line, ct)) continue;
            await log.Hasten([line], ct);
            return TypedResults.NoContent();
        }
    }

    private static BanView View(Ban b, Guests guests, TimeProvider clock) =>
        new(b.Id, guests.Reveal(b), b.Name, b.IpPrefix, b.Until, b.Reason, new(b.By, b.ByName), b.CreatedAt, b.Holds(clock.Now()));
}
