using System.Collections.Frozen;
using System.Text.Json;

namespace Platform.Articles;

/// <summary>Values of an enumeration as the public contract writes them, in camelCase.</summary>
internal static class EnumNames<T> where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> ByName = Enum.GetValues<T>().ToFrozenDictionary(Of, v => v);

    public static string Of(T value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <returns>Null for what is none.</returns>
    public static T? Parse(string? name) => name is not null && ByName.TryGetValue(name, out var value) ? value : null;
}
