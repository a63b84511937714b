using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace Platform.ServiceDefaults;

/// <summary>RABBITMQ_URI: <c>amqp://user:password@host:port/virtualhost</c>, or <c>amqps://</c>.</summary>
public sealed record BrokerAddress(string Host, ushort Port, string VirtualHost, string User, string Password, bool IsSecure)
{
    /// <exception cref="SettingException">It is missing or wrong.</exception>
    public static BrokerAddress Read(IConfiguration configuration)
    {
        var uri = configuration["RABBITMQ_URI"] is { Length: > 0 } text && Uri.TryCreate(text, UriKind.Absolute, out var given) && given.Scheme is "amqp" or "amqps" ? given
            : throw new SettingException("RABBITMQ_URI is missing or wrong: amqp://user:password@host:port/virtualhost.");
        var user = uri.UserInfo.Split(':', 2);
        return new(uri.Host, uri.Port > 0 ? (ushort)uri.Port : (ushort)5672, uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : "/",
            Uri.UnescapeDataString(user[0]), user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "", uri.Scheme == "amqps");
    }

    /// <summary>For a connection beside the bus's.</summary>
    /// <param name="name">As the broker shows it.</param>
    public ConnectionFactory Connections(string name) => new()
    {
        HostName = Host,
        Port = Port,
        VirtualHost = VirtualHost,
        UserName = User,
        Password = Password,
        ClientProvidedName = name,
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        ContinuationTimeout = TimeSpan.FromSeconds(10),
        AutomaticRecoveryEnabled = false,
        Ssl = IsSecure ? new SslOption(Host, enabled: true) : new SslOption(),
    };
}
