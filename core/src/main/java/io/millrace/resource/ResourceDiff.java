package io.millrace.resource;

import io.millrace.delivery.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What applying a document would change, field by field.
///
/// @param changes in the order of the new document's fields, then those that go
public record ResourceDiff(List<Change> changes) {
    /// One field.
    ///
    /// @param path such as `retention.time`
    /// @param before `null` if the field is new
    /// @param after `null` if the field goes
    public record Change(String path, @Nullable String before, @Nullable String after) {
        /// `+ path: after`, `- path: before` or `~ path: before -> after`.
        @Override
        public String toString() {
            if (before == null) {
                return "+ %s: %s".formatted(path, after);
            }
            return after == null
                    ? "- %s: %s".formatted(path, before)
                    : "~ %s: %s -> %s".formatted(path, before, after);
        }
    }

    public ResourceDiff {
        changes = List.copyOf(changes);
    }

    /// Compares two canonical documents; `null` is a resource that does not exist.
    public static ResourceDiff between(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        Map<String, String> old = flat(before);
        Map<String, String> fresh = flat(after);
        List<Change> changes = new ArrayList<>();
        fresh.forEach((path, value) -> {
            String was = old.remove(path);
            if (!value.equals(was)) {
                changes.add(new Change(path, was, value));
            }
        });
        old.forEach((path, value) -> changes.add(new Change(path, value, null)));
        return new ResourceDiff(changes);
    }

    /// Compares two resources. That a secret is another one is a change of its field, which shows
    /// neither.
    ///
    /// @param before `null` if it does not exist
    public static ResourceDiff between(@Nullable Resource before, Resource after) {
        ResourceDiff shown = between(before == null ? null : before.toJson(), after.toJson());
        List<Change> changes = new ArrayList<>(shown.changes());
        Map<String, String> secrets = before == null ? Map.of() : before.secrets();
        after.secrets()
                .forEach((path, secret) -> {
                    String was = secrets.get(path);
                    if (was != null && !was.equals(secret)) {
                        changes.add(new Change(path, Secret.SHOWN, Secret.SHOWN + " (another)"));
                    }
                });
        return new ResourceDiff(changes);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /// One line for each change, each with a line break at its end.
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        changes.forEach(change -> lines.append(change).append('\n'));
        return lines.toString();
    }

    private static Map<String, String> flat(@Nullable ObjectNode document) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (document != null) {
            flatten(document, "", fields);
        }
        return fields;
    }

    /// A list is one value: its items have no names by which they could be told apart.
    private static void flatten(ObjectNode node, String prefix, Map<String, String> fields) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String path = prefix + field.getKey();
            JsonNode value = field.getValue();
            if (value instanceof ObjectNode object && !object.isEmpty()) {
                flatten(object, path + ".", fields);
            } else {
                fields.put(path, value.isString() ? value.stringValue() : value.toString());
            }
        }
    }
}
