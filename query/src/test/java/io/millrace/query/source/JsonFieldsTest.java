package io.millrace.query.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Fields of JSON data as values of SQL types.
class JsonFieldsTest {
    private static GenericRowData row(String json, String... fieldsAndTypes) {
        GenericRowData row = new GenericRowData(fieldsAndTypes.length / 2);
        assertThat(problem(row, json, fieldsAndTypes)).isNull();
        return row;
    }

    private static @Nullable String problem(
            GenericRowData row, String json, String... fieldsAndTypes) {
        List<SourceColumn> columns = new ArrayList<>();
        for (int i = 0; i < fieldsAndTypes.length; i += 2) {
            columns.add(
                    new SourceColumn(
                            SourceColumn.Kind.FIELD,
                            fieldsAndTypes[i],
                            fieldsAndTypes[i],
                            LogicalTypeParser.parse(
                                    fieldsAndTypes[i + 1], JsonFieldsTest.class.getClassLoader())));
        }
        return new JsonFields(columns).fill(row, Bytes.utf8(json));
    }

    @Test
    void takesOnlyTheWantedFields() {
        GenericRowData row =
                row(
                        "{\"x\":{\"a\":[1]},\"n\":7,\"skip\":[{}],\"s\":\"ö\",\"b\":true,\"z\":null}",
                        "n",
                        "INT",
                        "s",
                        "STRING",
                        "b",
                        "BOOLEAN",
                        "z",
                        "DOUBLE",
                        "gone",
                        "INT");
        assertThat(row.getField(0)).isEqualTo(7);
        assertThat(row.getField(1)).isEqualTo(StringData.fromString("ö"));
        assertThat(row.getField(2)).isEqualTo(true);
        assertThat(row.getField(3)).isNull();
        assertThat(row.getField(4)).isNull();
    }

    @Test
    void readsWhatIsNested() {
        GenericRowData row =
                row(
                        "{\"r\":{\"a\":1,\"b\":{\"c\":\"x\"}},\"l\":[1.5,null],"
                                + "\"m\":{\"k\":2},\"t\":{\"q\":[1]},\"n\":3}",
                        "r",
                        "ROW<a INT, b ROW<c STRING>>",
                        "l",
                        "ARRAY<DOUBLE>",
                        "m",
                        "MAP<STRING, BIGINT>",
                        "t",
                        "STRING",
                        "n",
                        "INT");
        RowData nested = row.getRow(0, 2);
        assertThat(nested.getInt(0)).isEqualTo(1);
        assertThat(nested.getRow(1, 1).getString(0)).isEqualTo(StringData.fromString("x"));
        assertThat(row.getField(1)).isEqualTo(new GenericArrayData(new Object[] {1.5, null}));
        assertThat(((GenericMapData) row.getMap(2)).get(StringData.fromString("k"))).isEqualTo(2L);
        assertThat(row.getField(3)).isEqualTo(StringData.fromString("{\"q\":[1]}"));
        assertThat(row.getField(4)).isEqualTo(3);
    }

    @Test
    void readsTimesAndAmounts() {
        GenericRowData row =
                row(
                        "{\"t\":\"2026-03-01T12:00:00.5+01:00\",\"m\":1000,\"d\":\"12.340\",\"e\":0.1}",
                        "t",
                        "TIMESTAMP_LTZ(3)",
                        "m",
                        "TIMESTAMP_LTZ(3)",
                        "d",
                        "DECIMAL(10, 2)",
                        "e",
                        "DECIMAL(10, 1)");
        assertThat(row.getField(0))
                .isEqualTo(TimestampData.fromInstant(Instant.parse("2026-03-01T11:00:00.5Z")));
        assertThat(row.getField(1)).isEqualTo(TimestampData.fromEpochMillis(1_000));
        assertThat(String.valueOf(row.getField(2))).isEqualTo("12.34");
        assertThat(String.valueOf(row.getField(3))).isEqualTo("0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INT| \"7\"| its field f is not INT: 7",
                "INT| 3000000000| its field f is not INT: 3000000000",
                "INT| 1.5| its field f is not INT: 1.5",
                "DOUBLE| true| its field f is not DOUBLE: true",
                "BOOLEAN| 1| its field f is not BOOLEAN: 1",
                "TIMESTAMP_LTZ(3)| \"noon\"| its field f is not TIMESTAMP_LTZ(3): noon",
                "ARRAY<INT>| {}| its field f is not ARRAY<INT>: no array",
                "ROW<a INT>| {\"a\":\"x\"}| its field f is not ROW<`a` INT>: x"
            })
    void saysWhatIsWrong(String type, String value, String problem) {
        GenericRowData row = new GenericRowData(1);
        assertThat(problem(row, "{\"f\":" + value + "}", "f", type)).isEqualTo(problem);
    }

    @Test
    void dataThatIsNoObjectIsWrong() {
        GenericRowData row = new GenericRowData(1);
        assertThat(problem(row, "[1]", "f", "INT")).isEqualTo("its data is no JSON object");
        assertThat(problem(row, "{\"f\":", "f", "INT")).startsWith("its data is no JSON: ");
        assertThat(problem(row, "{}", "f", "INT NOT NULL")).isEqualTo("its data lacks the field f");
    }
}
