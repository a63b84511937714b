using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>GUEST_SECRET: for guests' addresses, and links that only they may have, on their way from Comments to Notifications.</summary>
public sealed class GuestSeal(IConfiguration configuration) : SharedSeal(configuration, "GUEST_SECRET", "Comments and Notifications", "guest:mail");
