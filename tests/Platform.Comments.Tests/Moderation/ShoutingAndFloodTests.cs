using Platform.Comments.Moderation;
using Platform.Comments.Moderation.Rules;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Moderation;

public sealed class ShoutingAndFloodTests
{
    private static Submission Of(string body) => new(CommentTests.New(CommentStatus.Held, body),
        new Thread { Id = Guid.CreateVersion7(), Article = new(1, "ar", "t", "u", CommentsOpen: true, DateTimeOffset.UnixEpoch, Withdrawn: false) }, new ModerationSettings(), Known: true, PreviousAt: null, DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("THIS IS ALL A BIG LIE AND YOU KNOW IT", true)]
    [InlineData("لماذا؟؟؟؟؟؟؟؟؟؟؟؟؟؟", true)]
    [InlineData("NATO and the EU met in BRUSSELS", false)]
    [InlineData("USA", false)]
    [InlineData("ماذا؟!", false)]
    [InlineData("نص عربي طويل لا صراخ فيه ولا حروف كبيرة", false)]
    public void Shouting_is_held(string body, bool held) => (Shouting.Judge(Of(body)).Hold is not null).ShouldBe(held);

    public static TheoryData<string, string, bool> Floods => new()
    {
        { "marks", "Z\u0300\u0301\u0302\u0303\u0304\u0305algo", true },
        { "one letter", "غ" + new string('ا', 60), true },
        { "one sign", new string('.', 60), true },
        { "lines", string.Join('\n', Enumerable.Repeat("سطر من كلام", 61)), true },
        { "empty lines", "أول" + new string('\n', 40) + "آخر", true },
        { "a word", string.Concat(Enumerable.Repeat("اشترك ", 40)), true },
        { "vocalised Arabic", "بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ", false },
        { "laughter", "ههههههههههه", false },
        { "a poem", string.Join('\n', Enumerable.Range(0, 40).Select(i => $"بيت من الشعر رقم {i}")), false },
        { "a list", "أ\nب\nج\nد", false },
        { "emoji", "👏👏👏👏👏 أحسنتم", false },
        { "a long text", string.Concat(Enumerable.Range(0, 300).Select(i => $"كلمة{i} في ")), false },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public void A_flood_is_held(string what, string body, bool held) => (Flood.Judge(Of(body)).Hold is not null).ShouldBe(held, what);
}
