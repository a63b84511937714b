using Platform.Notifications.Channels;

namespace Platform.Notifications.Push;

public static class PushServices
{
    /// <summary>The push channel, and the key that it shows.</summary>
    public static void AddPush(this WebApplicationBuilder builder) => builder.Services.AddSingleton<VapidKeyStore>().AddSingleton<Vapid>().AddSingleton<IChannel, PushChannel>();
}
