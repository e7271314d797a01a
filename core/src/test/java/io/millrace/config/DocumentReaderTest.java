package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.config.DocumentReader.Format;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class DocumentReaderTest {
    private final DocumentReader reader = new DocumentReader();

    @Test
    void readsSeveralDocumentsAndPassesEmptyOnesOver() {
        List<ObjectNode> documents =
                yaml("# first\n---\nkind: A\nlist: [1, two, {x: 3}]\n---\n---\nkind: B\n---\n");
        assertThat(documents).hasSize(2);
        assertThat(documents.getFirst())
                .hasToString("{\"kind\":\"A\",\"list\":[1,\"two\",{\"x\":3}]}");
        assertThat(yaml("")).isEmpty();
        assertThat(yaml("# nothing\n")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: 7d             | {\"a\":\"7d\"}",
                "a: yes            | {\"a\":\"yes\"}",
                "a: no             | {\"a\":\"no\"}",
                "a: true           | {\"a\":true}",
                "a: 12             | {\"a\":12}",
                "a: 12345678901    | {\"a\":12345678901}",
                "a: 123456789012345678901234567890 | {\"a\":123456789012345678901234567890}",
                "a: 1.10           | {\"a\":1.10}",
                "a: .inf           | {\"a\":\".inf\"}",
                "a: 2026-03-01     | {\"a\":\"2026-03-01\"}",
                "a: '12'           | {\"a\":\"12\"}",
                "a: ~              | {\"a\":null}",
                "a:                | {\"a\":null}",
                "a: \"\"           | {\"a\":\"\"}",
                "a: /x/**          | {\"a\":\"/x/**\"}",
                "{a: {b: [c]}}     | {\"a\":{\"b\":[\"c\"]}}"
            })
    void scalarsMeanWhatTheySay(String text, String json) {
        assertThat(yaml(text)).singleElement().hasToString(json);
    }

    @Test
    void readsJsonAsOneObjectOrSeveral() {
        assertThat(json("{\"a\":1}")).hasSize(1);
        assertThat(json("[{\"a\":1},{\"a\":2}]")).hasSize(2);
        assertThat(json("\uFEFF{\"a\":1}")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: 1\\na: 2            | line 2 | twice",
                "a: {b: 1, b: 2}        | line 1 | twice",
                "a: &x 1\\nb: *x        | line 2 | anchors",
                "a: &x [1]              | line 1 | anchors",
                "b: *x                  | line 1 | anchors",
                "- 1                    | line 1 | documents",
                "just text              | line 1 | keys and values",
                "a: [1                  | line 1 | cannot be read",
                "a: 1\\n b: 2           | line 2 | cannot be read",
                "a: \\t- @              | line 1 | cannot be read"
            })
    void whatIsWrongIsNamedWithItsLine(String text, String line, String words) {
        MillraceException e = refused(Bytes.utf8(text.replace("\\n", "\n").replace("\\t", "\t")));
        assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_INVALID);
        assertThat(e).hasMessageStartingWith(line).hasMessageContaining(words);
    }

    @Test
    void bombsAreRefused() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [lol]\n");
        for (int i = 1; i < 30; i++) {
            laughs.append(
                    "a%d: &a%d [%s*a%d]\n"
                            .formatted(i, i, "*a%d,".formatted(i - 1).repeat(9), i - 1));
        }
        assertThat(refused(Bytes.utf8(laughs.toString()))).hasMessageContaining("anchors");
        assertThat(refused(Bytes.utf8("a: " + "[".repeat(10_000)))).hasMessageContaining("deep");
        assertThat(refused(Bytes.utf8("a: " + "{a: ".repeat(10_000)))).hasMessageContaining("deep");
        assertThat(refused(Bytes.utf8("a: [" + "1,".repeat(200_000) + "1]")))
                .hasMessageContaining("more than 100000 values");
        assertThat(refused(Bytes.utf8("#".repeat(DocumentReader.BYTES_MAX + 1))))
                .hasMessageContaining("larger than 1MiB");
        assertThat(refused(Bytes.wrap(new byte[] {'a', ':', ' ', (byte) 0xFF})))
                .hasMessageContaining("UTF-8");
    }

    @Test
    void garbageIsAlwaysRefusedInTheSameWay() {
        String alphabet = "ab: \n\t-[]{}&*!|>'\"%@`#,?~\u0001\u0085\uFFFE0.";
        Random random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Format format = random.nextInt(4) == 0 ? Format.JSON : Format.YAML;
            Bytes bytes = Bytes.utf8(text.toString());
            Throwable thrown =
                    catchThrowable(() -> reader.read(bytes, format, ErrorCode.RESOURCE_INVALID));
            if (thrown != null) {
                assertThat(thrown)
                        .as("seed 9, case %d: %s", i, text)
                        .isInstanceOf(MillraceException.class);
            }
        }
    }

    private List<ObjectNode> yaml(String text) {
        return reader.read(Bytes.utf8(text), Format.YAML, ErrorCode.RESOURCE_INVALID);
    }

    private List<ObjectNode> json(String text) {
        return reader.read(Bytes.utf8(text), Format.JSON, ErrorCode.RESOURCE_INVALID);
    }

    private MillraceException refused(Bytes text) {
        return catchThrowableOfType(
                MillraceException.class,
                () -> reader.read(text, Format.YAML, ErrorCode.RESOURCE_INVALID));
    }
}
