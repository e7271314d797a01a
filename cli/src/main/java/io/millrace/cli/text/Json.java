package io.millrace.cli.text;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON read and written without changing it: numbers keep all their digits. Thread-safe.
public final class Json {
    private final JsonMapper mapper =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build();

    /// The mapper itself, for reading token by token.
    public JsonMapper mapper() {
        return mapper;
    }

    /// The value that the whole text stands for, or nothing if it is not JSON.
    public Optional<JsonNode> parse(byte[] text) {
        try {
            JsonNode node = mapper.readTree(text);
            return node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    /// The value that the whole text stands for, or nothing if it is not JSON.
    public Optional<JsonNode> parse(String text) {
        return parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// An empty object.
    public ObjectNode object() {
        return mapper.createObjectNode();
    }

    /// One line.
    public String write(JsonNode node) {
        return mapper.writeValueAsString(node);
    }

    /// Several lines, for people.
    public String pretty(JsonNode node) {
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    }

    /// The text as a JSON string with its quotes.
    public String quote(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return mapper.writeValueAsString(text);
            }
        }
        return "\"" + text + "\"";
    }
}
