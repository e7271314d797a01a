package io.millrace.event.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.RandomEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonFormatTest {
    private static final String CORE =
            "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"";

    private final JsonFormat format = new JsonFormat();

    @Test
    void whatIsWrittenReadsBackEqual() {
        long seed = 41;
        RandomEvents events = new RandomEvents(seed);
        for (int i = 0; i < 5_000; i++) {
            Event event = events.next();
            Event expected = RandomEvents.asJson(event);
            assertThat(format.read(written(event)))
                    .as("seed %d, event %d", seed, i)
                    .isEqualTo(expected);
            Bytes line = line(event);
            assertThat(format.read(line)).as("seed %d, line %d", seed, i).isEqualTo(expected);
            assertThat(line.toUtf8()).doesNotContain("\n", "\r");
        }
    }

    @Test
    void batchesReadBackEqual() {
        RandomEvents random = new RandomEvents(42);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            events.add(random.next());
        }
        ByteSink out = new ByteSink(16);
        format.writeBatch(events, out);
        assertThat(format.readBatch(out.toBytes(), 300))
                .isEqualTo(events.stream().map(RandomEvents::asJson).toList());
        ByteSink empty = new ByteSink(2);
        format.writeBatch(List.of(), empty);
        assertThat(format.readBatch(empty.toBytes(), 300)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"n\":12345678901234567890123456789012345678901234567890}",
                "1.0E5",
                "-0",
                "[ 1 ,\n2\t]",
                "\"ä\\u00e4\\/\"",
                "\"\\ud800 alone\"",
                "{\"a\":1,\"a\":2}",
                "null",
                "true",
                "\"\"",
                "{}"
            })
    void jsonDataKeepsItsBytesWhereverItStands(String value) {
        for (String members :
                List.of(
                        CORE + ",\"data\": " + value + " ",
                        "\"data\"\n:\n" + value + "\n," + CORE,
                        "\"data\":" + value + ",\"datacontenttype\":\"application/json\"," + CORE,
                        "\"datacontenttype\":null," + CORE + ",\"data\":" + value)) {
            Event event = read("{" + members + "}");
            assertThat(data(event)).isEqualTo(value);
            assertThat(event.dataContentType()).isEqualTo("application/json");
        }
        Bytes window = Bytes.utf8("xxx{" + CORE + ",\"data\":" + value + "}yy");
        Event event = format.read(window.slice(3, window.length() - 2));
        assertThat(data(event)).isEqualTo(value);
        assertThat(written(event).toUtf8()).endsWith(",\"data\":" + value + "}");
    }

    @Test
    void numbersOfAnyLengthSurvive() {
        String number = "9".repeat(5_000);
        assertThat(data(read("{" + CORE + ",\"data\":" + number + "}"))).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "\"data\":\"x\"                                            | application/json | \"x\"",
                "\"data\":\"a\\u00e4\\n\",\"datacontenttype\":\"text/plain\" | text/plain | aä\\n",
                "\"datacontenttype\":\"text/plain\"                        | text/plain | -",
                "\"datacontenttype\":\"text/plain\",\"data\":null          | text/plain | -",
                "\"datacontenttype\":\"text/plain\",\"data\":\"\"          | text/plain | ``",
                "\"data_base64\":\"\"                                      | -          | ``",
                "\"data_base64\":\"eyJ4IjoxfQ==\"                          | -          | {\"x\":1}",
                "\"data_base64\":\"eyJ4IjoxfQ\"                            | -          | {\"x\":1}",
                "\"data_base64\":\"Pz8\\/\"                                | -          | ???",
                "\"data_base64\":null                                      | -          | -",
                "\"data_base64\":null,\"data\":1                           | application/json | 1",
                "\"data_base64\":\"eA==\",\"data\":null                    | -          | x"
            })
    void dataAndItsContentType(
            String members, @Nullable String contentType, @Nullable String expected) {
        Event event = read("{" + CORE + "," + members.strip() + "}");
        assertThat(event.dataContentType())
                .isEqualTo(contentType == null ? null : contentType.strip());
        assertThat(event.data() == null ? null : event.data().toUtf8())
                .isEqualTo(expected == null ? null : expected.replace("\\n", "\n"));
    }

    @Test
    void aStringIsWrittenInTheCharsetOfItsContentType() {
        String type = "\"datacontenttype\":\"text/plain; charset=ISO-8859-1\"";
        Event event = read("{" + CORE + "," + type + ",\"data\":\"ä\"}");
        assertThat(event.data()).isEqualTo(Bytes.wrap(new byte[] {(byte) 0xE4}));
        assertThat(format.read(written(event))).isEqualTo(event);
        assertThat(problems("{" + CORE + "," + type + ",\"data\":\"€\"}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.field()).isEqualTo("data"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "application/json               | {\"a\":1}   | \"data\":{\"a\":1}",
                "application/vnd.a+json; v=1    | [1]         | \"data\":[1]",
                "application/json               | `[1] `      | \"data_base64\":\"WzFdIA==\"",
                "application/json               | [1          | \"data_base64\":\"WzE=\"",
                "application/json               | ``          | \"data_base64\":\"\"",
                "application/json;charset=utf-16| [1]         | \"data_base64\":\"WzFd\"",
                "text/plain                     | a\"ä        | \"data\":\"a\\\"ä\"",
                "application/atom+xml           | <a/>        | \"data\":\"<a/>\"",
                "text/plain;charset=latin1      | a           | \"data_base64\":\"YQ==\"",
                "application/octet-stream       | a           | \"data_base64\":\"YQ==\"",
                "-                              | [1]         | \"data_base64\":\"WzFd\""
            })
    void dataIsWrittenSoThatItsBytesComeBack(
            @Nullable String contentType, String data, String expected) {
        Event event =
                minimal()
                        .dataContentType(contentType == null ? null : contentType.strip())
                        .data(Bytes.utf8(data))
                        .build();
        assertThat(written(event).toUtf8()).endsWith("," + expected + "}");
        assertThat(format.read(written(event))).isEqualTo(event);
    }

    @Test
    void attributesKeepTheTypesOfJson() {
        Event event = read("{" + CORE + ",\"a\":-2147483648,\"b\":true,\"c\":\"5\",\"d\":null}");
        assertThat(event.attribute("a")).isEqualTo(new IntegerValue(Integer.MIN_VALUE));
        assertThat(event.attribute("b")).isEqualTo(new BooleanValue(true));
        assertThat(event.extensions().keySet()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"a\":1.5                 | a          | fraction",
                "\"a\":1e3                 | a          | exponent",
                "\"a\":2147483648          | a          | 2147483647",
                "\"a\":-99999999999999999999 | a        | 2147483647",
                "\"a\":{\"b\":[1,{}]}      | a          | string",
                "\"a\":[]                  | a          | string",
                "\"subject\":5             | subject    | string",
                "\"time\":true             | time       | string",
                "\"time\":\"yesterday\"    | time       | RFC 3339",
                "\"subject\":\"\"          | subject    | empty",
                "\"subject\":\"\\ud83d\"   | subject    | U+D83D",
                "\"subject\":\"a\\u0000\"  | subject    | U+0000",
                "\"Upper\":1               | Upper      | a-z",
                "\"data_base65\":\"x\"     | data_base65 | a-z",
                "\"id\":\"2\"              | id         | twice",
                "\"a\":null,\"a\":1        | a          | twice",
                "\"data\":1,\"data\":1     | data       | twice",
                "\"data\":1,\"data_base64\":\"eA==\" | data_base64 | beside",
                "\"data_base64\":\"*\"     | data_base64 | Base64",
                "\"data_base64\":\"ä\"     | data_base64 | Base64",
                "\"data_base64\":7         | data_base64 | string",
                "\"datacontenttype\":\"text/plain\",\"data\":7 | data | data_base64",
                "\"datacontenttype\":\"text/plain\",\"data\":\"\\udc00\" | data | data_base64",
                "\"datacontenttype\":\"json\" | datacontenttype | media type",
                "\"dataschema\":\"a/b:c\"  | dataschema | absolute"
            })
    void aWrongMemberIsNamed(String members, String field, String words) {
        assertThat(problems("{" + CORE + "," + members + "}"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(ErrorCode.EVENT_INVALID);
                    assertThat(problem.field()).isEqualTo(field);
                    assertThat(problem.detail()).contains(words);
                });
    }

    @Test
    void everythingMissingOrWrongIsReportedAtOnce() {
        assertThat(problems("{\"id\":null,\"source\":3,\"x\":1.5}").stream().map(Problem::field))
                .containsExactlyInAnyOrder("specversion", "id", "source", "source", "type", "x");
        assertThat(problems("{\"specversion\":\"0.3\",\"id\":\"1\"}"))
                .first()
                .satisfies(p -> assertThat(p.code()).isEqualTo(ErrorCode.SPECVERSION_UNSUPPORTED));
    }

    @Test
    void everyBadMemberOfABatchIsNamedWithItsIndex() {
        String good = "{" + CORE + "}";
        String noId = "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"t\"}";
        String document = "[" + String.join(",", good, noId, "7", "{" + CORE + ",\"a\":[1]}") + "]";
        assertThat(batchProblems(document).stream().map(Problem::field))
                .containsExactly("[1].id", "[2]", "[3].a");
    }

    @Test
    void thousandsOfBadMembersAreReportedInPart() {
        assertThat(batchProblems("[" + "1,".repeat(20_000) + "1]")).hasSize(100);
        assertThat(batchProblems("[" + "{},".repeat(20_000) + "{}]")).hasSize(100);
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            names.append(",\"A").append(i).append("\":\"x\"");
        }
        assertThat(problems("{" + CORE + names + "}")).hasSize(100);
    }

    @Test
    void aBatchThatIsTooLongIsRefused() {
        Bytes document = Bytes.utf8("[{" + CORE + "},{" + CORE + "}]");
        MillraceException e =
                catchThrowableOfType(MillraceException.class, () -> format.readBatch(document, 1));
        assertThat(e.code()).isEqualTo(ErrorCode.BATCH_TOO_LARGE);
        assertThat(format.readBatch(document, 2)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[]",
                "7",
                "\"x\"",
                "null",
                "{} {}",
                "{}x",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{/**/}",
                "\u0000{}",
                "{\u0000}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":tru}"
            })
    void whatIsNoJsonObjectIsRefused(String document) {
        assertThat(problems(document))
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.code()).isEqualTo(ErrorCode.EVENT_INVALID));
    }

    @Test
    void aSyntaxErrorInABatchNamesItsPlaceFirst() {
        assertThat(batchProblems("[{\"id\":\"\"},{" + CORE + "},{\"id\":]"))
                .first()
                .satisfies(p -> {
                    assertThat(p.field()).isEqualTo("[2]");
                    assertThat(p.detail()).contains("is not JSON at byte ");
                });
        assertThat(batchProblems("[{" + CORE + "}] 1")).hasSize(1);
        assertThat(batchProblems("{" + CORE + "}").getFirst().detail()).contains("array");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C080", "EDA080", "F4908080", "80", "E28228", "C3"})
    void malformedUtf8IsRefused(String hex) {
        byte[] bad = java.util.HexFormat.of().parseHex(hex);
        byte[] start = ("{" + CORE + ",\"data\":\"").getBytes(StandardCharsets.UTF_8);
        byte[] end = "\"}".getBytes(StandardCharsets.UTF_8);
        ByteSink out = new ByteSink(8);
        out.write(start, 0, start.length);
        out.write(bad, 0, bad.length);
        out.write(end, 0, end.length);
        MillraceException e =
                catchThrowableOfType(MillraceException.class, () -> format.read(out.toBytes()));
        assertThat(e.problems().getFirst().detail())
                .isEqualTo("the document is not UTF-8 at byte " + start.length);
        Event event = minimal().dataContentType("text/plain").data(Bytes.wrap(bad)).build();
        assertThat(written(event).toUtf8()).contains("data_base64");
        assertThat(format.read(written(event))).isEqualTo(event);
    }

    @Test
    void otherEncodingsAreRefusedAndAMarkIsSkipped() {
        String document = "{" + CORE + "}";
        Bytes utf16 = Bytes.wrap(document.getBytes(StandardCharsets.UTF_16LE));
        MillraceException e =
                catchThrowableOfType(MillraceException.class, () -> format.read(utf16));
        assertThat(e).isNotNull();
        assertThat(data(read("\uFEFF{" + CORE + ",\"data\":[ 1]}"))).isEqualTo("[ 1]");
    }

    @Test
    void nestingIsBounded() {
        int max = JsonFormat.DATA_DEPTH_MAX;
        String deepest = "[".repeat(max) + "]".repeat(max);
        Event event = read("{" + CORE + ",\"data\":" + deepest + "}");
        assertThat(written(event).toUtf8()).contains("\"data\":[[");
        assertThat(format.readBatch(Bytes.utf8("[" + written(event).toUtf8() + "]"), 1))
                .containsExactly(event);
        String bomb = "[".repeat(100_000);
        assertThat(problems("{" + CORE + ",\"data\":" + bomb).getFirst().detail())
                .contains("deeper than 256");
        Event deeper =
                minimal()
                        .dataContentType("application/json")
                        .data(Bytes.utf8("[" + deepest + "]"))
                        .build();
        assertThat(written(deeper).toUtf8()).contains("data_base64");
        assertThat(format.read(written(deeper))).isEqualTo(deeper);
    }

    private static io.millrace.event.EventBuilder minimal() {
        return Event.builder().id("1").source("/s").type("t");
    }

    private Event read(String document) {
        return format.read(Bytes.utf8(document));
    }

    private static @Nullable String data(Event event) {
        return event.data() == null ? null : event.data().toUtf8();
    }

    private Bytes written(Event event) {
        ByteSink out = new ByteSink(8);
        format.write(event, out);
        return out.toBytes();
    }

    private Bytes line(Event event) {
        ByteSink out = new ByteSink(512);
        format.writeLine(event, out);
        return out.toBytes();
    }

    private List<Problem> problems(String document) {
        return catchThrowableOfType(MillraceException.class, () -> read(document)).problems();
    }

    private List<Problem> batchProblems(String document) {
        Bytes bytes = Bytes.utf8(document);
        return catchThrowableOfType(MillraceException.class, () -> format.readBatch(bytes, 100_000))
                .problems();
    }
}
