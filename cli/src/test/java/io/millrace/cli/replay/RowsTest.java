package io.millrace.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Rows as they come out of files of both kinds, odd ones included.
class RowsTest {
    private static final CsvRows.Layout HEADED = new CsvRows.Layout(',', true, Numbers.EXACT);

    private static List<Row> csv(byte[] bytes, CsvRows.Layout layout) throws IOException {
        return all(new CsvRows(new ByteArrayInputStream(bytes), "f.csv", layout, new Json()));
    }

    private static List<Row> csv(String text) throws IOException {
        return csv(text.getBytes(StandardCharsets.UTF_8), HEADED);
    }

    private static List<Row> json(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return all(new JsonRows(new ByteArrayInputStream(bytes), "f.json", new Json()));
    }

    private static List<Row> all(RowSource source) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (source) {
            for (Row row = source.next(); row != null; row = source.next()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<String> texts(Row row) {
        return row.values().stream().map(Row.Value::text).toList();
    }

    @Test
    void quotesLineEndsAndEmptyLinesAreKeptApart() throws IOException {
        String text = "a,b\r\n\"x,\"\"y\",\"two\r\nlines\"\r\n\r\n\n 1 ,\r\n5\" pipe,ü😀";
        List<Row> rows = csv(text);
        assertThat(rows.stream().map(RowsTest::texts))
                .containsExactly(
                        List.of("x,\"y", "two\r\nlines"),
                        List.of(" 1 ", ""),
                        List.of("5\" pipe", "ü😀"));
        assertThat(rows.stream().map(Row::raw))
                .containsExactly("\"x,\"\"y\",\"two\r\nlines\"", " 1 ,", "5\" pipe,ü😀");
        assertThat(rows.getLast().number()).isEqualTo(3);
        assertThat(rows.getLast().end()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void aHeaderThatIsOneShortLeavesTheRowNumberOut() throws IOException {
        List<Row> rows = csv("\"date\",\"t\"\n\"140\",\"2015\",23.70\n\"141\",\"2016\",23.5\n");
        assertThat(rows.getFirst().columns().names()).containsExactly("rownumber", "date", "t");
        assertThat(rows.getFirst().values().stream().map(Row.Value::json))
                .containsExactly("140", "2015", "\"23.70\"");
        assertThat(csv("rownumber\n1,2\n").getFirst().columns().names())
                .containsExactly("_rownumber", "rownumber");
    }

    @Test
    void namesAreMadeUniqueAndMarksAreNoPartOfThem() throws IOException {
        assertThat(csv("\uFEFF\"a\",a,,a\n1,2,3,4\n").getFirst().columns().names())
                .containsExactly("a", "a_2", "c3", "a_3");
        assertThat(
                        csv(
                                        "x;1\ny;2".getBytes(StandardCharsets.UTF_8),
                                        new CsvRows.Layout(';', false, Numbers.NONE))
                                .stream()
                                .map(Row::values))
                .containsExactly(
                        List.of(new Row.Value("x", "\"x\""), new Row.Value("1", "\"1\"")),
                        List.of(new Row.Value("y", "\"y\""), new Row.Value("2", "\"2\"")));
    }

    @Test
    void wrongFilesAreRefusedWithTheirPlace() {
        assertThatThrownBy(() -> csv("")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> csv("a,b\n1,2\n3\n"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("row 2 (line 3) has 1 values");
        assertThatThrownBy(() -> csv("a,b\n1,2\n\"x\"y,2\n"))
                .hasMessageContaining("f.csv cannot be read as CSV at row 2 (line 3)");
        assertThatThrownBy(() -> csv("a\n\"never closed\n" + "x\n".repeat(1_000_000)))
                .hasMessageContaining("a row of more than 1048576 characters");
        byte[] latin = "a,b\n1,2\nä,2\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> csv(latin, HEADED))
                .hasMessageContaining("not UTF-8: byte 8 (0xE4)");
    }

    @Test
    void textIsDecodedWhereverItsBytesAreCut() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("a,b\n");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            String row = i + "," + "xü€😀".repeat(random.nextInt(4));
            expected.add(row);
            text.append(row).append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        InputStream dripping =
                new ByteArrayInputStream(bytes) {
                    @Override
                    public synchronized int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(length, 1 + random.nextInt(7)));
                    }
                };
        List<Row> rows = all(new CsvRows(dripping, "f", HEADED, new Json()));
        assertThat(rows.stream().map(Row::raw).toList()).as("seed %d", seed).isEqualTo(expected);
        assertThat(rows.getLast().end()).isEqualTo(bytes.length);
    }

    @Test
    void jsonValuesKeepTheirText() throws IOException {
        List<Row> rows =
                json(
                        "{\"a\": 1.50, \"b\":\"x\\u00fc\",\n \"c\" : [ 1, {\"d\":2} ] ,\"e\":null}\n{\"a\":true}");
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst().values())
                .containsExactly(
                        new Row.Value("1.50", "1.50"),
                        new Row.Value("xü", "\"x\\u00fc\""),
                        new Row.Value("[ 1, {\"d\":2} ]", "[ 1, {\"d\":2} ]"),
                        new Row.Value("null", "null"));
        assertThat(rows.getLast().line()).isEqualTo(3);
        assertThat(json("[{\"a\":1},{\"a\":2}]")).hasSize(2);
        assertThatThrownBy(() -> json("{\"a\":1}\n{\"a\":01}"))
                .hasMessageContaining("row 2 (line 2) is not JSON");
    }

    @Test
    void numbersAreNumbersOnlyIfNothingIsLost() {
        for (String number :
                List.of(
                        "0",
                        "-1",
                        "21",
                        "23.7",
                        "0.00476416302416414",
                        "0.0001",
                        "3.844E-5",
                        "21.0",
                        "9007199254740991")) {
            assertThat(Numbers.EXACT.isNumber(number)).as(number).isTrue();
        }
        for (String text :
                List.of(
                        "",
                        "-",
                        "007",
                        "+1",
                        "1.50",
                        "1e5",
                        "9007199254740993",
                        "12345678901234567890",
                        "0.1000000000000000055",
                        "NaN",
                        "1_0",
                        "٣",
                        "-0")) {
            assertThat(Numbers.EXACT.isNumber(text)).as(text).isFalse();
        }
        assertThat(Numbers.ALL.isNumber("1.50")).isTrue();
        assertThat(Numbers.ALL.isNumber("007")).isFalse();
    }
}
