using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>The site in one language: its wording, its direction and where its pages are.</summary>
/// <remarks>As a handler's parameter it is the edition whose route was matched.</remarks>
public sealed class Edition
{
    private readonly CultureInfo _culture;

    private Edition(string language, bool own, Uri publicUrl)
    {
        Language = language;
        Prefix = own ? "" : "/" + language;
        PublicUrl = publicUrl;
        _culture = CultureInfo.GetCultureInfo(language);
        Words = Words.In(_culture);
        Dates = new Dates(Words);
    }

    /// <summary>BCP 47 code, such as <c>ar</c>.</summary>
    public string Language { get; }

    /// <summary>What stands before every path of this edition: empty for the site's own language, else <c>/en</c>.</summary>
    public string Prefix { get; }

    /// <summary>Where readers find the platform.</summary>
    public Uri PublicUrl { get; }

    public Words Words { get; }
    public Dates Dates { get; }

    /// <summary><c>rtl</c> or <c>ltr</c>.</summary>
    public string Direction => _culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    /// <summary>The language's name in itself, such as العربية.</summary>
    public string NativeName => _culture.NativeName;

    /// <summary>The other editions, in the site's order.</summary>
    public IReadOnlyList<Edition> Others { get; private set; } = [];

    /// <summary>One edition for each of the site's languages; the first is the site's own.</summary>
    public static IReadOnlyList<Edition> All(PlatformSettings settings)
    {
        Edition[] all = [.. settings.Languages.Distinct().Select((language, i) => new Edition(language, i == 0, settings.PublicUrl))];
        foreach (var edition in all) edition.Others = [.. all.Where(e => e != edition)];
        return all;
    }

    /// <summary>This edition or the one in that language; this one where the site has no such language.</summary>
    public Edition In(string language) => Language == language ? this : Others.FirstOrDefault(e => e.Language == language) ?? this;

    public static ValueTask<Edition?> BindAsync(HttpContext http) => ValueTask.FromResult(http.GetEndpoint()?.Metadata.GetMetadata<Edition>());
}
