namespace Platform.Text;

/// <summary>
/// Frequent words of the news whose first letters only look like particles: وزير is no و + زير, and كانت no ك + أنت. What begins with one of them
/// (فلسطينيون) is left whole. Without them other words would meet by chance: وكالة (agency) is إله (god) with و and ك before it.
/// </summary>
internal static class WholeWords
{
    private const int Shortest = 4, Longest = 8;

    /// <summary>Written as usual, read in comparison form; of four letters at least, since of shorter words nothing is taken off anyhow.</summary>
    private static readonly HashSet<string> Words =
    [
        .. Normaliser.Words("""
            وزير وزيرة وزراء وزارة وزارات وزاري وكالة وكالات وكيل ولاية ولايات واشنطن واحد واحدة واسع واضح واجه واجهت واصل واصلت وافق وافقت واقع واقعة واقعي وجود وجوه وحدة وحدات وحيد
            ورقة ورشة وسائل وساطة وسيط وصول وصلت وضعية وطني وطنية وظيفة وظائف وظيفي وفاة وفيات وقود وقعت وقوع وقفة ولادة وثيقة وثائق ودائع
            فلسطين فرنسا فرنسي فريق فرصة فترة فترات فكرة فصائل فصيل فساد فشلت فضاء فضائي فقير فلكي فندق فنان فنزويلا فنلندا فيتنام فيديو فيروس فيضان فيلم فيها فيينا فائدة فائز فاعل فاطمة فاتورة فوائد فوري فوضى فيصل
            بغداد بيروت بيان بيانات برلمان برلماني بريطانيا بريطاني برنامج برامج برلين بروكسل بكين باريس باكستان بايدن بوتين بارزاني برزاني بشار بصرة بحرين بحري بحرية بحوث بداية بديل بذلت برئاسة بطولة بطاقة بعثة بعيد
            بقاء بقية بلاد بلدان بلدية بلديات بلدة بلوغ بناء بناية بنوك بترول بورصة بضائع بيئة بيئي بيتكوين بيولوجي بكتيريا بلجيكا بلغاريا بولندا بوليفيا بنغلاديش
            كانت كانوا كامل كاملة كافة كبير كبيرة كبار كتاب كتابة كتلة كثير كثيرة كارثة كارثي كاتب كاظم كردستان كركوك كربلاء كردي كهرباء كورونا كوريا كوري كندا كندي كوفيد كويت كييف كينيا كيان كيلو كيماوي كيميائي كلمة كلام كنيسة كشفت كرامة كريم كرسي كذبة كفاءة كمية كولومبيا كوبا كروات
            لبنان لبناني لجنة لجان لقاء لقاءات لقاح لقاحات لاجئ لاعب لاعبون لندن ليبيا ليبي لوائح لواء لغات لغوي لحوم لحظة لماذا لديه لدينا لديهم لعبة لوحة لاتيني ليلة لكسمبورغ لتوانيا
            سياسة سياسات سياسي سيارة سيارات سيطرة سيطرت سيناء سيناريو سيدة سيول سيرة سينما سيادة سيدي سوريا سنوات سنوي سنغال سنغافورة ستين ستاد ستار سباق ساعة ساعات ساحة ساحل ساحات سابق سابقة سابع سادس سامي ساهم ساهمت سائق سائح ساسة ساخن ساكن
            التزام التزامات التقاء التهاب الغاء القاء التحاق الكتروني الكترونية المانيا الماني البانيا الاسكا
            """),
    ];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="word">In comparison form.</param>
    public static bool Begin(string word)
    {
        for (var length = Shortest; length <= word.Length && length <= Longest; length++)
            if (Lookup.Contains(word.AsSpan(0, length))) return true;
        return false;
    }
}
