using Platform.ServiceDefaults;

namespace Platform.Articles.Search;

/// <summary>Something was written that matters to searches: what follows the store need not wait for its next look.</summary>
public sealed class IndexSignal : Signal;
