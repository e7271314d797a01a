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
import java.util.List;
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
        List<ObjectNode> found =
                documents.read(yaml, DocumentReader.Format.YAML, ErrorCode.CONFIGURATION_INVALID);
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
            return fields.duration(name);
        }
        if (type == ByteSize.class) {
            return fields.size(name);
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
