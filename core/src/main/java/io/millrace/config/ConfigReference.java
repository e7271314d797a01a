package io.millrace.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The reference of a configuration file, from the records that it is read into.
public final class ConfigReference {
    private ConfigReference() {}

    /// A Markdown table of all keys in the order of the records.
    public static String markdown(Class<? extends Record> type) {
        StringBuilder table = new StringBuilder();
        table.append("| key | type | default | meaning |\n|---|---|---|---|\n");
        rows(type, "", table);
        return table.toString();
    }

    private static void rows(Class<? extends Record> type, String prefix, StringBuilder table) {
        for (RecordComponent component : type.getRecordComponents()) {
            Key key = ConfigReader.key(component);
            String path = prefix + component.getName();
            Class<?> item = ConfigReader.itemType(component);
            boolean listOfRecords = component.getType() == List.class && item.isRecord();
            row(table, component, key, path + (listOfRecords ? "[]" : ""));
            if (component.getType().isRecord() && component.getType() != ByteSize.class) {
                rows(component.getType().asSubclass(Record.class), path + ".", table);
            } else if (listOfRecords) {
                rows(item.asSubclass(Record.class), path + "[].", table);
            }
        }
    }

    private static void row(StringBuilder table, RecordComponent component, Key key, String path) {
        table.append("| `")
                .append(path)
                .append("` | ")
                .append(typeName(component, key))
                .append(" | ")
                .append(defaultValue(component, key))
                .append(" | ")
                .append(key.doc().replace("|", "\\|"))
                .append(" |\n");
    }

    private static String defaultValue(RecordComponent component, Key key) {
        if (!key.def().isEmpty()) {
            return "`" + key.def() + "`";
        }
        Class<?> type = component.getType();
        boolean optional =
                type == List.class
                        || (type.isRecord() && type != ByteSize.class)
                        || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return optional ? "" : "required";
    }

    private static String typeName(RecordComponent component, Key key) {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            List<String> words = new ArrayList<>();
            for (Object constant : type.getEnumConstants()) {
                words.add("`" + Fields.word((Enum<?>) constant) + "`");
            }
            return String.join(", ", words);
        }
        if (type == List.class) {
            return ConfigReader.itemType(component) == String.class ? "list of text" : "list";
        }
        if (type == int.class || type == long.class) {
            boolean open = key.max() == Long.MAX_VALUE;
            return open
                    ? "number, at least %d".formatted(key.min())
                    : "number, %d to %d".formatted(key.min(), key.max());
        }
        String range = ConfigReader.range(key);
        return simpleName(type) + (range.isEmpty() ? "" : ", " + range);
    }

    private static String simpleName(Class<?> type) {
        if (type == String.class) {
            return "text";
        }
        if (type == Path.class) {
            return "path";
        }
        if (type == Duration.class) {
            return "duration";
        }
        if (type == ByteSize.class) {
            return "size";
        }
        if (type.isRecord()) {
            return "section";
        }
        return type == boolean.class || type == Boolean.class ? "`true`, `false`" : "number";
    }
}
