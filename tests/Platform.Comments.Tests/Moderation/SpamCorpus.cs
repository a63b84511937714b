namespace Platform.Comments.Tests.Moderation;

/// <summary>
/// Comments as an Arabic news site gets them, made from templates in the manner of public ones: readers who agree, quarrel, ask and quote, some of them about loans, prices and links;
/// and spam that sells. The same seed gives the same comments. A part of each is hard on purpose: readers with links and numbers, spam that begins like a reader.
/// </summary>
internal static class SpamCorpus
{
    private static readonly string[] Names = ["أحمد", "سارة", "محمد علي", "أبو حسين", "Layla", "كريم", "متابع", "مواطن عراقي", "زينب", "عمر", "قارئ", "Ali", "هدى محمود", "حسن"];
    private static readonly string[] Topics = ["الانتخابات", "أسعار النفط", "الكهرباء", "الموازنة", "التعليم", "المنتخب", "الرواتب", "الماء", "القروض", "الاستثمار", "سعر الصرف", "الوظائف الحكومية", "الانترنت", "الدواء", "السفر", "التقاعد", "البنوك", "الزواج"];
    private static readonly string[] Who = ["الحكومة", "البرلمان", "الوزير", "المسؤولين", "الشركة", "الكاتب", "المحافظ", "البنك المركزي", "الاتحاد", "الجامعة"];
    private static readonly string[] Reader =
    [
        "مقال جيد لكن {who} لم يقولوا شيئا عن {topic}", "متى تنتهي مشكلة {topic}؟ تعبنا من وعود {who}", "أتفق مع الكاتب، {topic} أهم من كل هذا", "لا أصدق هذا الكلام عن {topic}، من أين المصدر؟",
        "الله يعين الناس على {topic} و{who} في واد آخر", "شكرا على الخبر، هل يشمل قرار {topic} المحافظات أيضا؟", "هذا كلام فارغ، {who} يعرفون الحقيقة ولا يقولونها", "كنت موظفا سابقا وأعرف أن {topic} لن تتغير",
        "قرأت في https://www.reuters.com/world/{n} غير ما تقولون عن {topic}", "تصحيح: الرقم الصحيح {n} مليار وليس كما ذكرتم في {topic}", "أخي الكريم أنت لم تقرأ المقال، {who} قالوا العكس تماما عن {topic}", "بدأت أشك في كل ما يقوله {who} عن {topic}",
        "البنك رفض قرضي مرتين والسبب {topic}، أين {who}؟", "راتبي {n} ألف ولا يكفي، فماذا عن {topic}؟", "I read the report, {topic} is not what they say", "أنا من البصرة والوضع كما وصفتم وأسوأ", "ههههه {who} آخر من يعلم", "أحسنتم النشر، ننتظر الجزء الثاني عن {topic}",
        "لماذا لا تنشرون رأي {who}؟ الموضوعية مطلوبة في {topic}", "من يريد الربح السريع من {topic} فليسأل {who} أين ذهبت الأموال", "وفروا {topic} للناس أولا ثم تكلموا عن الاستثمار", "خبر قديم، شاهدته في واتساب قبل يومين",
    ];
    private static readonly string[] Offers = ["قرض", "تمويل شخصي", "سداد ديون", "فيزا وإقامة", "متابعين حقيقيين", "اشتراك IPTV", "تداول العملات", "روبوت تداول", "وظيفة من المنزل", "شيخ روحاني", "جلب الحبيب", "ساعات تقليد", "شهادة جامعية", "كازينو اون لاين", "تنظيف منازل", "نقل عفش", "عقارات تركيا"];
    private static readonly string[] Spam =
    [
        "هل تحتاج {offer}؟ تواصل معنا واتساب +9647{phone} خدمة سريعة ومضمونة", "أفضل {offer} بأسعار مناسبة زوروا موقعنا https://{host}/{n}", "اربح {n} دولار يوميا من {offer} سجل الآن www.{host}", "كنت أعاني حتى وجدت {offer}، راسلوه على الواتس {phone}",
        "{offer} خلال 24 ساعة بدون كفيل وبدون مقدم للتواصل {phone}", "شكرا على المقال الرائع! أنصحكم بموقع {host} للحصول على {offer}", "عرض خاص لفترة محدودة: {offer} خصم {n}% اضغط هنا https://{host}", "🔥🔥 {offer} 🔥🔥 انضم إلى قناتنا على تلغرام t.me/{host}",
        "Best {offer} online, visit https://{host} now and win bonus {n}$", "Earn money fast with crypto trading, contact WhatsApp +1{phone}", "أقوى {offer} مجرب ومضمون للتواصل مع الشيخ {phone}", "شركة {offer} بالرياض وجدة اتصل {phone} أرخص الأسعار", "مقال جميل. بالمناسبة من يبحث عن {offer} فليدخل {host}",
        "ربح سريع ومضمون من {offer} رأس مال صغير سجل عبر الرابط https://{host}/?ref={n}",
    ];
    private static readonly string[] Hosts = ["loan-fast.example", "win-casino.example", "fx-robot.example", "iptv4k.example", "top-seo.example", "cheap-visa.example", "rohani.example", "best-watches.example"];

    public static IEnumerable<(string Name, string Body, bool IsSpam)> Make(int count, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var isSpam = random.Next(4) == 0;
            var body = One(isSpam ? Spam : Reader);
            // Many comments are of more than one sentence; some spam hides behind a reader's words.
            if (!isSpam && random.Next(2) == 0) body += random.Next(3) == 0 ? "\n" + One(Reader) : ". " + One(Reader);
            if (isSpam && random.Next(3) == 0) body = One(Reader) + ". " + body;
            yield return (isSpam && random.Next(3) == 0 ? One(Offers) : One(Names), body, isSpam);
        }

        string One(string[] of) => of[random.Next(of.Length)].Replace("{topic}", Topics[random.Next(Topics.Length)], StringComparison.Ordinal).Replace("{who}", Who[random.Next(Who.Length)], StringComparison.Ordinal)
            .Replace("{offer}", Offers[random.Next(Offers.Length)], StringComparison.Ordinal).Replace("{host}", Hosts[random.Next(Hosts.Length)], StringComparison.Ordinal)
            .Replace("{phone}", random.Next(10_000_000, 99_999_999).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{n}", random.Next(2, 900).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
