using Platform.Accounts.Features;
using Platform.ServiceDefaults;

namespace Platform.Accounts;

/// <summary>Every route of Accounts.</summary>
public static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").WithTags("Accounts");
        api.MapPost("/session", SignIn.Handle).WithName("signIn");

        var self = api.MapGroup("").RequireAuthorization();
        self.MapDelete("/session", SignOut.Handle).WithName("signOut");
        self.MapGet("/me", GetMe.Handle).WithName("getMe");
        self.MapPost("/me/second-factor", SecondFactor.Begin).WithName("beginSecondFactor");
        self.MapPut("/me/second-factor", SecondFactor.Enable).WithName("enableSecondFactor");
        self.MapDelete("/me/second-factor", SecondFactor.Disable).WithName("disableSecondFactor");
        self.MapPost("/tokens", CreateToken.Handle).WithName("createToken").Creates();
        self.MapGet("/tokens", ListTokens.Handle).WithName("listTokens").WithPaging();
        self.MapDelete("/tokens/{id:guid}", RevokeToken.Handle).WithName("revokeToken");

        var admin = api.MapGroup("/staff").For(Roles.Admin);
        admin.MapGet("", ListStaff.Handle).WithName("listStaff").WithPaging();
        admin.MapGet("/{id:guid}", GetStaff.Handle).WithName("getStaff");
        admin.MapPost("", AddStaff.Handle).WithName("addStaff").Creates();
        admin.MapPut("/{id:guid}", ChangeStaff.Handle).WithName("changeStaff");

        // Inside the platform only: the gateway routes none of these.
        var inside = app.MapGroup("").ExcludeFromDescription();
        inside.MapPost("/internal/introspect", Introspect.Handle).WithMetadata(new OwnCredentials());
        inside.MapGet(Discovery.ConfigurationPath, Discovery.Configuration);
        inside.MapGet(Discovery.KeysPath, Discovery.Keys);
    }
}
