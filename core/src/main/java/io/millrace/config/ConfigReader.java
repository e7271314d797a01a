package io.millrace.config;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads a configuration file into public records whose components carry [Key]. Thread-safe.
///
/// A component is a `String`, `boolean`, `int`, `long`, `Duration`, [ByteSize], `Path`, an enum, a
/// record, or a list of strings or records. A record's constructor may refuse values with an
/// IllegalArgumentException. All problems are reported at once.
public final class ConfigReader {
    private final DocumentReader documents = new DocumentReader();

    /// @throws MillraceException CONFIGURATION_INVALID, with every problem
    public <R extends Record> R read(Class<R> type, Bytes yaml) {
        return read(type, yaml, new HashMap<>());
    }

    /// Reads a file, whose name and lines the problems tell then.
    ///
    /// @param file its name, as the user knows it
    /// @throws MillraceException CONFIGURATION_INVALID, with every problem
    public <R extends Record> R read(Class<R> type, Bytes yaml, String file) {
        Map<String, Integer> lines = new HashMap<>();
        try {
            return read(type, yaml, lines);
        } catch (MillraceException e) {
            throw new MillraceException(
                    e.problems().stream().map(problem -> placed(problem, file, lines)).toList());
        }
    }

    private static Problem placed(Problem problem, String file, Map<String, Integer> lines) {
        String field = problem.field();
        if (field == null) {
            return new Problem(problem.code(), file, problem.detail());
        }
        // A key that is missing has no line; the one that it belongs below may have.
        String path = field;
        while (!path.isEmpty() && !lines.containsKey(path)) {
            path = path.substring(0, Math.max(0, path.lastIndexOf('.')));
        }
        Integer line = lines.get(path);
        String place = line == null ? file : "%s, line %d".formatted(file, line);
        return new Problem(problem.code(), field, "%s (%s)".formatted(problem.detail(), place));
    }

    private <R extends Record> R read(Class<R> type, Bytes yaml, Map<String, Integer> lines) {
        List<ObjectNode> found =
                documents.read(
                        yaml, DocumentReader.Format.YAML, ErrorCode.CONFIGURATION_INVALID, lines);
        if (found.size() > 1) {
            throw new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID, "the file must hold one document only");
        }
        ObjectNode root =
                found.isEmpty() ? JsonNodeFactory.instance.objectNode() : found.getFirst();
        ProblemCollector problems = new ProblemCollector(ErrorCode.CONFIGURATION_INVALID);
        R record = record(type, new Fields(root, "", problems), "");
        problems.throwIfAny();
        if (record == null) {
            throw new IllegalStateException("a record is missing although nothing is wrong");
        }
        return record;
    }

    /// The record with nothing but defaults.
    ///
    /// @throws MillraceException CONFIGURATION_INVALID if a key is required
    public <R extends Record> R defaults(Class<R> type) {
        return read(type, Bytes.EMPTY);
    }

    private <R extends Record> @Nullable R record(Class<R> type, Fields fields, String path) {
        int before = fields.problems().size();
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = component(components[i], fields);
        }
        fields.end();
        if (fields.problems().size() > before) {
            return null;
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            refused(e.getCause(), fields, path);
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " is no public record", e);
        }
    }

    private static void refused(@Nullable Throwable cause, Fields fields, String path) {
        switch (cause) {
            case MillraceException e -> {
                for (Problem problem : e.problems()) {
                    String field = problem.field();
                    fields.problems()
                            .add(field == null ? path : fields.path(field), problem.detail());
                }
            }
            case IllegalArgumentException e ->
                    fields.problems().add(path, String.valueOf(e.getMessage()));
            case null, default -> throw new IllegalStateException(cause);
        }
    }

    private @Nullable Object component(RecordComponent component, Fields fields) {
        Key key = key(component);
        String name = component.getName();
        Object value = value(component, key, fields);
        if (value == null && !fields.has(name)) {
            if (!key.def().isEmpty()) {
                // The default goes the same way as what a user writes.
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                object.set(name, scalar(component.getType(), key.def()));
                return value(component, key, new Fields(object, "default", fields.problems()));
            }
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                fields.wrong(name, "is missing");
            }
        }
        return value;
    }

    private static tools.jackson.databind.JsonNode scalar(Class<?> type, String text) {
        if (type == int.class || type == long.class) {
            return JsonNodeFactory.instance.numberNode(Long.parseLong(text));
        }
        if (type == boolean.class) {
            return JsonNodeFactory.instance.booleanNode(text.equals("true"));
        }
        return JsonNodeFactory.instance.stringNode(text);
    }

    private @Nullable Object value(RecordComponent component, Key key, Fields fields) {
        String name = component.getName();
        Class<?> type = component.getType();
        if (type == String.class) {
            return fields.string(name);
        }
        if (type == boolean.class || type == Boolean.class) {
            return fields.bool(name);
        }
        if (type == int.class || type == Integer.class) {
            long max = Math.min(key.max(), Integer.MAX_VALUE);
            Long value = fields.integer(name, key.min(), max);
            return value == null ? null : value.intValue();
        }
        if (type == long.class || type == Long.class) {
            return fields.integer(name, key.min(), key.max());
        }
        if (type == Duration.class) {
            return bounded(fields, key, name, fields.duration(name), Durations::parse);
        }
        if (type == ByteSize.class) {
            return bounded(fields, key, name, fields.size(name), ByteSize::parse);
        }
        if (type == Path.class) {
            return fields.parsed(name, ConfigReader::path);
        }
        if (type.isEnum()) {
            return constant(fields, name, type);
        }
        if (type.isRecord()) {
            return nested(component, fields);
        }
        if (type == List.class) {
            return list(component, fields);
        }
        throw new IllegalArgumentException("no configuration has the type " + type);
    }

    private static <T extends Comparable<? super T>> @Nullable T bounded(
            Fields fields, Key key, String name, @Nullable T value, Function<String, T> parser) {
        boolean isTooLittle =
                value != null
                        && !key.least().isEmpty()
                        && value.compareTo(parser.apply(key.least())) < 0;
        boolean isTooMuch =
                value != null
                        && !key.most().isEmpty()
                        && value.compareTo(parser.apply(key.most())) > 0;
        if (isTooLittle || isTooMuch) {
            fields.wrong(name, "must be " + range(key) + ", but is " + fields.text(name));
            return null;
        }
        return value;
    }

    /// The bounds of a size or a duration in words; empty without bounds.
    static String range(Key key) {
        if (key.least().isEmpty()) {
            return key.most().isEmpty() ? "" : "at most " + key.most();
        }
        return key.most().isEmpty()
                ? "at least " + key.least()
                : "%s to %s".formatted(key.least(), key.most());
    }

    private static <E extends Enum<E>> @Nullable E constant(
            Fields fields, String name, Class<?> type) {
        @SuppressWarnings("unchecked") // The caller has seen that it is an enum.
        Class<E> enumType = (Class<E>) type;
        return fields.oneOf(name, enumType);
    }

    private static Path path(String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException _) {
            // Told below.
        }
        throw new IllegalArgumentException("must be the path of a file or folder");
    }

    /// A nullable record is absent when its key is; any other has its own defaults then.
    private @Nullable Object nested(RecordComponent component, Fields fields) {
        String name = component.getName();
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (nullable && !fields.has(name)) {
            return null;
        }
        return record(
                component.getType().asSubclass(Record.class),
                fields.object(name),
                fields.path(name));
    }

    private List<?> list(RecordComponent component, Fields fields) {
        String name = component.getName();
        Class<?> item = itemType(component);
        if (item == String.class) {
            return List.copyOf(fields.strings(name));
        }
        List<Record> records = new ArrayList<>();
        int index = 0;
        for (Fields each : fields.objects(name)) {
            String path = fields.path(name) + "[" + index++ + "]";
            Record record = record(item.asSubclass(Record.class), each, path);
            if (record != null) {
                records.add(record);
            }
        }
        return List.copyOf(records);
    }

    static Class<?> itemType(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType type
                        && type.getActualTypeArguments()[0] instanceof Class<?> item
                ? item
                : Object.class;
    }

    static Key key(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        if (key == null) {
            throw new IllegalArgumentException(
                    component.getDeclaringRecord() + " does not describe " + component.getName());
        }
        return key;
    }
}
