using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>IMPORT_SECRET: for the addresses of imported comments' authors, on their way from Articles to Comments.</summary>
public sealed class ImportSeal(IConfiguration configuration) : SharedSeal(configuration, "IMPORT_SECRET", "Articles and Comments", "import:address");
