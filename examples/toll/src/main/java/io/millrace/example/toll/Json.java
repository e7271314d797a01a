package io.millrace.example.toll;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads JSON (RFC 8259), as the JDK has nothing for it: objects become maps, arrays lists, and
/// `null` is left out. Not thread-safe.
final class Json {
    private static final int DEPTH_MAX = 100;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /// An object.
    ///
    /// @throws IllegalArgumentException if the text is anything else
    static Map<String, Object> object(String text) {
        Json json = new Json(text);
        Map<String, Object> object = asObject(json.value(0));
        json.space();
        if (json.at < text.length()) {
            throw json.wrong("more text");
        }
        return object;
    }

    /// A member that is an object; empty if there is none.
    static Map<String, Object> objectIn(Map<String, Object> object, String name) {
        return asObject(object.getOrDefault(name, Map.of()));
    }

    /// A member that is an array of objects; empty if there is none.
    static List<Map<String, Object>> objectsIn(Map<String, Object> object, String name) {
        List<Map<String, Object>> objects = new ArrayList<>();
        if (object.get(name) instanceof List<?> list) {
            list.forEach(each -> objects.add(asObject(each)));
        }
        return objects;
    }

    /// A member that must be there and have a value.
    static String textIn(Map<String, Object> object, String name) {
        Object value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value.toString();
    }

    /// The text as a JSON string with its quotes.
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static Map<String, Object> asObject(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("a JSON object was expected");
        }
        Map<String, Object> object = new LinkedHashMap<>();
        map.forEach((name, member) -> {
            if (name != null && member != null) {
                object.put(name.toString(), member);
            }
        });
        return object;
    }

    /// Stands for `null` until the value is put into what holds it.
    private static final Object NULL = new Object();

    private Object value(int depth) {
        if (depth > DEPTH_MAX) {
            throw wrong("too many levels");
        }
        space();
        return switch (peek()) {
            case '{' -> members(depth);
            case '[' -> elements(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", NULL);
            default -> number();
        };
    }

    private Map<String, Object> members(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        space();
        if (taken('}')) {
            return members;
        }
        do {
            space();
            String name = string();
            space();
            expect(':');
            Object value = value(depth + 1);
            if (!NULL.equals(value)) {
                members.put(name, value);
            }
            space();
        } while (taken(','));
        expect('}');
        return members;
    }

    private List<Object> elements(int depth) {
        List<Object> elements = new ArrayList<>();
        at++;
        space();
        if (taken(']')) {
            return elements;
        }
        do {
            Object value = value(depth + 1);
            if (!NULL.equals(value)) {
                elements.add(value);
            }
            space();
        } while (taken(','));
        expect(']');
        return elements;
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return string.toString();
            }
            string.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '"', '\\', '/' -> c;
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw wrong("the end");
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> throw wrong("an unknown escape");
        };
    }

    private BigDecimal number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return new BigDecimal(text.substring(start, at));
        } catch (NumberFormatException _) {
            throw wrong("no value");
        }
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("no value");
        }
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at == text.length()) {
            throw wrong("the end");
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private boolean taken(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!taken(c)) {
            throw wrong("no " + c);
        }
    }

    private IllegalArgumentException wrong(String found) {
        return new IllegalArgumentException("not JSON: there is " + found + " at " + at);
    }
}
