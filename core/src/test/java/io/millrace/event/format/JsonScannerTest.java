package io.millrace.event.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.RandomEvents;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The scanner against Jackson and the JDK's UTF-8 decoder, on JSON that was damaged at random.
final class JsonScannerTest {
    private static final String DAMAGE = "{}[]\",:0123456789.eE+-\\untrfals \n\t/\u0001\u007F";

    private final JsonFactory jackson = new JsonFactory();

    @Test
    void agreesWithJackson() {
        long seed = 7;
        Random random = new Random(seed);
        RandomEvents events = new RandomEvents(seed);
        int valid = 0;
        int cases = 100_000;
        for (int i = 0; i < cases; i++) {
            byte[] document = events.json(0).getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(3); change > 0; change--) {
                int at = random.nextInt(document.length);
                document[at] =
                        random.nextInt(4) == 0
                                ? (byte) random.nextInt(256)
                                : (byte) DAMAGE.charAt(random.nextInt(DAMAGE.length()));
            }
            boolean expected = isUtf8(document) && isOneValue(document);
            valid += expected ? 1 : 0;
            assertThat(JsonScanner.isValue(document, 0, document.length, 500))
                    .as(
                            "seed %d, case %d: %s",
                            seed, i, new String(document, StandardCharsets.UTF_8))
                    .isEqualTo(expected);
            assertThat(Utf8.firstMalformed(document, 0, document.length) < 0)
                    .isEqualTo(isUtf8(document));
        }
        assertThat(valid).isBetween(cases / 5, cases * 4 / 5);
    }

    private boolean isOneValue(byte[] document) {
        for (byte b : document) {
            if (b == 0) {
                // Jackson would guess another encoding.
                return false;
            }
        }
        if (isSpace(document[0]) || isSpace(document[document.length - 1])) {
            return false;
        }
        try (JsonParser parser = jackson.createParser(ObjectReadContext.empty(), document)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (JacksonException _) {
            return false;
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static boolean isUtf8(byte[] document) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }
}
