using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Identity;
using Platform.Accounts;
using Platform.Accounts.Features;
using Platform.Accounts.Identity;
using Platform.Accounts.Keys;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.DeadLetters;

await Defaults.Run(args, Build);

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults("accounts");
    builder.AddStore("accounts");
    builder.AddIdentity();
    builder.AddBus("accounts");
    builder.AddDeadLetters();
    builder.Services.AddIdempotency();
    builder.Services.AddOpenApi(o => o.AddRules());

    builder.Services.AddSingleton<StaffStore>().AddSingleton<CredentialStore>().AddSingleton<AttemptStore>();
    builder.Services.AddStoreInitialiser<CredentialStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddStoreInitialiser<AttemptStore>((store, ct) => store.CreateIndexes(ct));
    builder.Services.AddSingleton(new FirstAdminSettings(builder.Configuration)).AddSingleton<FirstAdmin>();
    builder.Services.AddSingleton<StaffAnnouncer>().AddHostedService(p => p.GetRequiredService<StaffAnnouncer>());
    builder.Services.AddStoreInitialiser<FirstAdmin>((admin, ct) => admin.Ensure(ct));

    builder.Services.AddHttpContextAccessor();
    builder.Services.AddSingleton<IPasswordHasher<StaffMember>, PasswordHasher<StaffMember>>().AddSingleton<UnknownAccount>();
    builder.Services.AddSingleton<ILookupNormalizer, EmailNormalizer>();
    builder.Services.AddScoped<IPasswordValidator<StaffMember>, PasswordRules>();
    builder.Services.AddIdentityCore<StaffMember>(SignInRules.Configure).AddUserStore<StaffUserStore>()
        .AddTokenProvider<AuthenticatorTokenProvider<StaffMember>>(TokenOptions.DefaultAuthenticatorProvider);
    builder.Services.AddSingleton<SignInTurns>().AddSingleton<LastAdmin>().AddScoped<SecondFactorCheck>();

    builder.Services.AddSingleton(new IntrospectionSettings(builder.Configuration));
    builder.Services.AddSingleton<SigningKeyStore>().AddSingleton<SigningKeys>().AddHostedService<KeyRotation>();
    builder.Services.AddStoreInitialiser<SigningKeyStore>((store, ct) => store.CreateIndexes(ct)).AddStoreInitialiser<SigningKeys>((keys, ct) => keys.Refresh(ct));
    builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).PostConfigure<SigningKeys>(OwnKeys.Use);

    var app = builder.Build();
    app.UseServiceDefaults();
    app.MapAccounts();
    app.MapDeadLetters("accounts");
    app.MapOpenApi();
    return app;
}

/// <summary>Accounts: staff, sessions, API tokens, and the keys that the platform trusts.</summary>
public partial class Program;
