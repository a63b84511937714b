namespace Platform.Bench;

/// <summary>Arabic text of a newspaper's length and look; the same for the same number.</summary>
public static class Words
{
    private static readonly string[] Stock = ("الحكومة أعلنت اليوم خطة جديدة لتطوير قطاع المياه في المحافظات الجنوبية بعد اجتماع طويل مع الخبراء والمسؤولين وقالت مصادر مطلعة إن المشروع "
        + "سيبدأ خلال أسابيع وسيشمل بناء محطات حديثة وتأهيل الشبكات القديمة بتمويل من البنك الدولي بينما يرى مراقبون أن النجاح مرهون بتوفير الكهرباء وتدريب العاملين وتعاون الأهالي").Split(' ');

    public static string Sentence(int seed, int words)
    {
        var random = new Random(seed);
        return string.Join(' ', Enumerable.Range(0, words).Select(_ => Stock[random.Next(Stock.Length)]));
    }

    /// <summary>Some 600 words in 12 paragraphs, three of them quotations.</summary>
    public static string Body(int seed) => string.Concat(Enumerable.Range(0, 12).Select(i => Sentence((seed * 31) + i, 50) is var text && i % 4 == 3
        ? $"<blockquote><p>وقال: «{text}».</p></blockquote>" : $"<p>{text}.</p>"));
}
