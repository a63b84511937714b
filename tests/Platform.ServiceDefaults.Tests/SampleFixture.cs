using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Sample;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests;

/// <summary>The sample service, alone with its store and broker.</summary>
public class SampleFixture : ServiceFixture<Program>
{
    public NoteStore Notes => Services.GetRequiredService<NoteStore>();

    public static Task<HttpResponseMessage> Post(HttpClient client, object body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/notes") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request);
    }
}

/// <summary>The sample service, with its broker behind a proxy that a test can take away.</summary>
public sealed class FragileSampleFixture : SampleFixture
{
    public TcpProxy Broker { get; private set; } = null!;
    public TcpProxy Store { get; private set; } = null!;

    protected override string BrokerUri
    {
        get
        {
            (Broker, var uri) = TcpProxy.For(VirtualHost.Uri);
            return uri;
        }
    }

    protected override string StoreUri
    {
        get
        {
            (Store, var uri) = TcpProxy.For(Database.Uri.Replace("replicaSet=rs0", "directConnection=true", StringComparison.Ordinal));
            return uri;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Broker.Up();
        Store.Up();
        await base.DisposeAsync();
        await Broker.DisposeAsync();
        await Store.DisposeAsync();
    }
}
