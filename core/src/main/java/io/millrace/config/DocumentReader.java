package io.millrace.config;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Quoted;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLSchema;

/// Reads YAML or JSON that people wrote into trees. Thread-safe.
///
/// Bounded in size, depth and number of nodes. A key that appears twice is refused, and so are
/// YAML's anchors and aliases, with which a small document can stand for an endless one.
public final class DocumentReader {
    public static final int BYTES_MAX = 1 << 20;

    /// How the text is to be read.
    public enum Format {
        /// Documents separated by `---`; empty ones are passed over.
        YAML,
        /// One object, or an array of objects.
        JSON
    }

    private final TokenStreamFactory json = new JsonFactory();
    private final TokenStreamFactory yaml =
            YAMLFactory.builder().yamlSchema(YAMLSchema.CORE).build();

    /// @param code what a problem is reported as
    /// @throws MillraceException with the line and column of what cannot be read
    public List<ObjectNode> read(Bytes text, Format format, ErrorCode code) {
        return read(text, format, code, null);
    }

    /// @param lines if given, receives for the path of each key (`a.b[0].c`) the line that it
    ///   stands in, the first being 1
    List<ObjectNode> read(
            Bytes text, Format format, ErrorCode code, @Nullable Map<String, Integer> lines) {
        if (text.length() > BYTES_MAX) {
            throw new MillraceException(
                    code, "the document is larger than " + new ByteSize(BYTES_MAX));
        }
        TokenStreamFactory factory =
                switch (format) {
                    case YAML -> yaml;
                    case JSON -> json;
                };
        try (JsonParser parser =
                factory.createParser(ObjectReadContext.empty(), decoded(text, code))) {
            TreeBuilder trees = new TreeBuilder(parser, code, lines);
            List<ObjectNode> documents = new ArrayList<>();
            try {
                for (JsonToken token = parser.nextToken();
                        token != null;
                        token = parser.nextToken()) {
                    documents(trees, token, documents, parser);
                }
            } catch (JacksonException e) {
                String message = e.getOriginalMessage().lines().findFirst().orElse("");
                throw trees.wrong("cannot be read: " + Quoted.shortened(message));
            }
            return documents;
        }
    }

    private static void documents(
            TreeBuilder trees, JsonToken token, List<ObjectNode> documents, JsonParser parser) {
        if (token == JsonToken.START_OBJECT) {
            documents.add(trees.object());
        } else if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw trees.wrong("a list of documents may have nothing but documents");
                }
                documents.add(trees.object());
            }
        } else if (token != JsonToken.VALUE_NULL) {
            throw trees.wrong("a document consists of keys and values, such as kind: Stream");
        }
    }

    private static String decoded(Bytes text, ErrorCode code) {
        try {
            String decoded =
                    StandardCharsets.UTF_8.newDecoder().decode(text.asByteBuffer()).toString();
            return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException _) {
            throw new MillraceException(code, "the document is not UTF-8");
        }
    }
}
