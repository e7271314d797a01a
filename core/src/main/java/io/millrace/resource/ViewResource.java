package io.millrace.resource;

import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.delivery.Secret;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A view as it is set up: what keeps it current, and what its keys are.
///
/// ```yaml
/// kind: View
/// name: room-climate
/// from:                        # left out if a query fills it
///   stream: events             # optional
///   pattern: /org/contoso/**   # may be left out beside a stream
///   types: [com.contoso.climate]
/// key: "{context}"
/// copyTo: {url: postgresql://db:5432/shop, table: rooms, user: millrace, password: "…"}
/// ```
///
/// @param from whose latest event of each key the view holds; `null` if a query fills it
/// @param key `null` only if a query fills it, which then gives the keys itself
/// @param copyTo a table elsewhere that says the same; `null` for none
public record ViewResource(
        String name, @Nullable Selection from, @Nullable KeyTemplate key, @Nullable ViewCopy copyTo)
        implements Resource {
    private static final String ALL = "/**";

    /// Reads the fields of a document of this kind.
    ///
    /// @return `null` if something is wrong, which has been added to the problems then
    public static @Nullable ViewResource read(
            ResourceDocument document, ProblemCollector problems) {
        int before = problems.size();
        Fields fields = ResourceFields.of(document, ResourceKind.VIEW, problems);
        KeyTemplate key = fields.parsed("key", KeyTemplate::parse);
        Selection from = null;
        if (fields.has("from")) {
            fields.require("key");
            from = from(fields, document);
        }
        ViewCopy copyTo =
                fields.has(ViewCopy.PATH) ? ViewCopy.read(fields.object(ViewCopy.PATH)) : null;
        fields.end();
        return problems.size() > before
                ? null
                : new ViewResource(document.name(), from, key, copyTo);
    }

    private static @Nullable Selection from(Fields fields, ResourceDocument document) {
        JsonNode given = document.tree().get("from");
        if (!(given instanceof ObjectNode node)) {
            fields.object("from").end();
            return null;
        }
        if (node.hasNonNull("stream") && !node.has("pattern")) {
            node.put("pattern", ALL);
        }
        Fields from = fields.object("from");
        Selection selection = Selection.read(from, node);
        from.end();
        return selection;
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.VIEW;
    }

    @Override
    public List<ResourceReference> references() {
        return from == null || from.stream() == null
                ? List.of()
                : List.of(new ResourceReference("from.stream", ResourceKind.STREAM, from.stream()));
    }

    private @Nullable Secret password() {
        return copyTo == null ? null : copyTo.password();
    }

    @Override
    public Map<String, String> secrets() {
        Secret password = password();
        return password == null ? Map.of() : Map.of(ViewCopy.PASSWORD_PATH, password.reveal());
    }

    @Override
    public List<String> missingSecrets() {
        Secret password = password();
        return password != null && password.isPlaceholder()
                ? List.of(ViewCopy.PASSWORD_PATH)
                : List.of();
    }

    @Override
    public ViewResource withSecrets(Map<String, String> secrets) {
        String known = secrets.get(ViewCopy.PASSWORD_PATH);
        return copyTo == null || known == null || missingSecrets().isEmpty()
                ? this
                : new ViewResource(name, from, key, copyTo.with(Secret.of(known)));
    }

    /// A password does not move to another server or user.
    @Override
    public @Nullable ViewResource keepingSecretsOf(
            @Nullable Resource before, ProblemCollector problems) {
        ViewResource kept = this;
        if (copyTo != null
                && before instanceof ViewResource that
                && that.copyTo != null
                && copyTo.isSameAccount(that.copyTo)) {
            kept = withSecrets(that.secrets());
        }
        for (String path : kept.missingSecrets()) {
            problems.add(
                    path,
                    "stands for a secret that was given for this server and user, but there is none;"
                            + " give the secret");
        }
        return kept.missingSecrets().isEmpty() ? kept : null;
    }

    /// What the content depends on: a view in which this changes has to be made anew.
    public String definition() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        writeTo(document);
        return document.toString();
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", kind().word());
        document.put("name", name);
        writeTo(document);
        if (copyTo != null) {
            copyTo.writeTo(document.putObject(ViewCopy.PATH));
        }
        return document;
    }

    private void writeTo(ObjectNode document) {
        if (from != null) {
            from.writeTo(document.putObject("from"));
        }
        if (key != null) {
            document.put("key", key.toString());
        }
    }
}
