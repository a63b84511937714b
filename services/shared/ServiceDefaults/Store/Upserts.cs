namespace Platform.ServiceDefaults;

/// <summary>Writes that insert where they find nothing, guarded by a version: the highest one stays.</summary>
public static class Upserts
{
    /// <summary>
    /// Of two that insert at the same moment one cannot, perhaps the newer one. So it is written a second time: then it goes over the other, or is the older one, and the document is as it should be.
    /// </summary>
    /// <param name="write">Such an upsert; it may run twice.</param>
    public static async Task Guarded(Func<Task> write)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception e) when (StoreFailure.IsDuplicateKey(e))
            {
                if (attempt == 2) return;
            }
        }
    }
}
