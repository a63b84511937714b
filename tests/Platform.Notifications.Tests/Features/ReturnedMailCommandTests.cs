using System.Diagnostics;
using System.Text;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

/// <summary><c>deploy/returned-mail</c>, by which an operator's own mail server hands on what comes back.</summary>
public sealed class ReturnedMailCommandTests(SuppressionFixture fixture) : IClassFixture<SuppressionFixture>
{
    private const int Taken = 0, Usage = 64, NoMail = 65, TryAgain = 75, NoSecret = 78;

    [Fact]
    public async Task A_mail_that_came_back_suppresses_its_reader_however_large_it_is_and_whatever_bytes_it_holds()
    {
        var address = NewAddress();
        await fixture.Subscribe(address, Categories("returned"));
        var id = Parse(await fixture.Sink.MailFor(address)).MessageId;
        byte[] mail = [.. Encoding.UTF8.GetBytes(SuppressionTests.Dsn(address, "failed", "5.1.1", id).Replace("body\r\n", "", StringComparison.Ordinal)), 0, 255, 10, .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 40_000)))];

        (await Run(mail)).ShouldBe(Taken);
        (await fixture.Suppressed(address)).ShouldNotBeNull()["reason"]!.GetValue<string>().ShouldBe("hard");
    }

    [Fact]
    public async Task The_same_mail_twice_counts_once()
    {
        var address = NewAddress();
        await fixture.Subscribe(address, Categories("returned-soft"));
        var mail = Encoding.UTF8.GetBytes(SuppressionTests.Dsn(address, "failed", "4.2.2", Parse(await fixture.Sink.MailFor(address)).MessageId));
        for (var i = 0; i < 6; i++) (await Run(mail)).ShouldBe(Taken);
        (await fixture.Suppressed(address)).ShouldBeNull("five soft bounces would suppress it");
    }

    [Theory]
    [InlineData("any text may be a secret")]
    [InlineData("a secret of more than sixty-four characters is hashed first, as RFC 2104 says, and then it is right too")]
    public async Task Secrets_may_be_text(string secret)
    {
        await using var server = await HttpSink.Start();
        server.Answer("/api/bounces", 202);
        (await Run("From: a\r\n\r\nx"u8.ToArray(), server.Address.ToString(), secret)).ShouldBe(Taken);
        WebhookTests.Verify(secret, server.To("/api/bounces").Single()).ShouldBeTrue();
    }

    [Fact]
    public async Task The_mail_server_keeps_what_can_not_be_taken_now()
    {
        var mail = "From: a\r\n\r\nx"u8.ToArray();
        (await Run(mail, "http://127.0.0.1:1")).ShouldBe(TryAgain, "nobody answers");
        (await Run(mail, secret: "whsec_" + Convert.ToBase64String(new byte[24]))).ShouldBe(TryAgain, "another secret");
        await using var server = await HttpSink.Start();
        foreach (var status in new[] { 404, 429, 500, 503, 301 })
        {
            server.Answer("/api/bounces", status);
            (await Run(mail, server.Address.ToString())).ShouldBe(TryAgain, $"{status}");
        }
    }

    [Fact]
    public async Task What_will_never_be_taken_is_said_at_once()
    {
        (await Run([])).ShouldBe(NoMail);
        (await Run("x"u8.ToArray(), "ftp://example.org")).ShouldBe(Usage);
        (await Run("x"u8.ToArray(), arguments: ["--nonsense"])).ShouldBe(Usage);
        (await Run("x"u8.ToArray(), secret: "")).ShouldBe(NoSecret);
        (await Run("x"u8.ToArray(), arguments: ["--secret-file", "/nowhere"])).ShouldBe(NoSecret);
        (await Run([], arguments: ["--help"])).ShouldBe(Taken);
    }

    private async Task<int> Run(byte[] mail, string? url = null, string secret = SuppressionFixture.Secret, string[]? arguments = null)
    {
        using var client = fixture.Client();
        var start = new ProcessStartInfo(Path.Combine(Infrastructure.Root, "deploy", "returned-mail"), arguments ?? ["--url", url ?? client.BaseAddress!.ToString()]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["BOUNCE_SECRET"] = secret;
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(mail);
            process.StandardInput.Close();
        }
        catch (IOException) { }   // it has ended without reading
        await process.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Concat(await output));
        return process.ExitCode;
    }
}
