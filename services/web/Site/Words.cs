using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Resources;

namespace Platform.Web;

/// <summary>The site's wording in one language, from Resources/Words*.resx; languages without a file of their own read English.</summary>
public sealed class Words
{
    private static readonly ResourceManager Resources = new("Platform.Web.Resources.Words", typeof(Words).Assembly);
    private readonly FrozenDictionary<string, string> _words;

    private Words(FrozenDictionary<string, string> words) => _words = words;

    /// <exception cref="KeyNotFoundException">There is no such word: a mistake in a page.</exception>
    public string this[string name] => _words[name];

    /// <summary>The wording with its <c>{0}</c>, <c>{1}</c> … filled in.</summary>
    public string Format(string name, params object[] values) => string.Format(CultureInfo.InvariantCulture, _words[name], values);

    public IEnumerable<string> Names => _words.Keys;

    public static Words In(CultureInfo culture) => new(
        Read(CultureInfo.InvariantCulture).Concat(Read(culture)).GroupBy(w => w.Key).ToFrozenDictionary(w => w.Key, w => w.Last().Value));

    private static IEnumerable<KeyValuePair<string, string>> Read(CultureInfo culture) =>
        Resources.GetResourceSet(culture, createIfNotExists: true, tryParents: false)?
            .Cast<DictionaryEntry>().Select(e => KeyValuePair.Create((string)e.Key, (string)e.Value!)) ?? [];
}
