using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;
using MassTransit.Serialization;
using Shouldly;
using Xunit;

namespace Platform.Contracts.Tests;

/// <summary>
/// Each message's URN and JSON are wire format: other versions of the services, and messages that wait in queues and outboxes, rely on them.
/// A new optional property is added to the approved text by hand; a property that is renamed or gone is a new message.
/// </summary>
public sealed class FrozenContractsTests
{
    private static readonly string Approved = Path.Combine(AppContext.BaseDirectory, "Approved");
    private static readonly JsonSerializerOptions Indented = new(Wire()) { WriteIndented = true, NewLine = "\n" };

    public static TheoryData<Type> Messages => [.. typeof(ArticlePublished).Assembly.GetExportedTypes()];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_on_the_wire_what_it_always_was(Type message)
    {
        var text = $"{MessageUrn.ForType(message)}\n{JsonSerializer.Serialize(Sample(message), message, Indented)}\n";
        var file = Path.Combine(Approved, message.Name + ".txt");
        text.ShouldBe(File.Exists(file) ? File.ReadAllText(file) : "(no approved text yet)", text);
    }

    [Fact]
    public void No_message_has_gone() => Directory.GetFiles(Approved).Select(Path.GetFileNameWithoutExtension).Order().ShouldBe(Messages.Select(m => m.Data.Name).Order());

    [Theory]
    [MemberData(nameof(Messages))]
    public void What_is_read_is_what_was_written(Type message)
    {
        var json = JsonSerializer.Serialize(Sample(message), message, Wire());
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, message, Wire()), message, Wire()).ShouldBe(json);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_of_a_newer_version_is_understood(Type message) =>
        JsonSerializer.Deserialize(JsonSerializer.Serialize(Sample(message), message, Wire()).Insert(1, "\"addedLater\":{\"x\":1},"), message, Wire()).ShouldNotBeNull();

    /// <summary>As services configure the bus.</summary>
    private static JsonSerializerOptions Wire()
    {
        var options = new JsonSerializerOptions(SystemTextJsonMessageSerializer.Options);
        options.Converters.Insert(0, new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        return options;
    }

    /// <summary>The message with every property set.</summary>
    private static object Sample(Type message)
    {
        var sample = Activator.CreateInstance(message)!;
        foreach (var property in message.GetProperties(BindingFlags.Public | BindingFlags.Instance)) property.SetValue(sample, Value(property));
        return sample;
    }

    private static object Value(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string)) return "نص " + property.Name;
        if (type == typeof(Guid)) return Guid.Parse("0190a000-0000-7000-8000-000000000001");
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 1, 15, 8, 30, 0, 125, TimeSpan.Zero);
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 2;
        if (type == typeof(long)) return 3L;
        if (type == typeof(IReadOnlyList<string>)) return new[] { property.Name, "ثان" };
        if (type == typeof(IReadOnlyList<Guid>)) return new[] { Guid.Parse("0190a000-0000-7000-8000-000000000002") };
        if (type == typeof(IReadOnlyList<ImportedComment>)) return new[] { (ImportedComment)Sample(typeof(ImportedComment)) };
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0)!;
        throw new NotSupportedException($"{property.DeclaringType!.Name}.{property.Name}: messages are flat; say here what a {type.Name} looks like.");
    }
}
