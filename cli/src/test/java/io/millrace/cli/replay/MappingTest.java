package io.millrace.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Json;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Templates, contexts, data and times.
class MappingTest {
    private static final Json JSON = new Json();

    private static Row row(String name, String value) {
        String json = Numbers.EXACT.isNumber(value) ? value : JSON.quote(value);
        return new Row(
                7, 8, 100, value, Columns.of(List.of(name)), List.of(new Row.Value(value, json)));
    }

    private static String expand(String template, String value) {
        return Template.parse("--x", template, "f.csv").expand(row("a", value));
    }

    @Test
    void templatesPutValuesIn() {
        assertThat(expand("/x/{a}/{a}", "1")).isEqualTo("/x/1/1");
        assertThat(expand("{file}-{row}", "1")).isEqualTo("f.csv-7");
        assertThat(expand("{\"v\":{a}}", "1")).isEqualTo("{\"v\":1}");
        assertThat(expand("\\{a}", "1")).isEqualTo("{a}");
        assertThat(expand("{}", "1")).isEqualTo("{}");
        assertThat(Template.parse("--x", "{row}", "f").expand(row("row", "mine")))
                .isEqualTo("mine");
        assertThatThrownBy(() -> expand("{b}", "1"))
                .hasMessageContaining("--x: there is no column {b}. The columns are a;");
    }

    private static String data(String template, String value) {
        return new Payload.Text(Template.parse("--data", template, "f.csv"), JSON)
                .of(row("a", value))
                .text();
    }

    @Test
    void valuesInJsonTemplatesAreJson() {
        assertThat(data("{\"a\": {a}, \"t\": \"is {a}!\"}", "1.5"))
                .isEqualTo("{\"a\": 1.5, \"t\": \"is 1.5!\"}");
        assertThat(data("{\"a\": {a}, \"t\": \"is \\\"{a}\\\"\"}", "x\"y\n"))
                .isEqualTo("{\"a\": \"x\\\"y\\n\", \"t\": \"is \\\"x\\\"y\\n\\\"\"}");
        assertThat(data("[{file}]", "")).isEqualTo("[\"f.csv\"]");
        assertThat(data("{a} °C", "x\"y")).isEqualTo("x\"y °C");
        assertThatThrownBy(() -> data("{\"a\": {a}", "1"))
                .hasMessageContaining("does not give JSON");
    }

    private static String context(String template, String value, boolean sanitize) {
        Template type = Template.parse("--type", "t", "f");
        var shape =
                new EventMapper.Shape(
                        Template.parse("--context", template, "f"),
                        sanitize,
                        type,
                        null,
                        null,
                        type,
                        null,
                        null,
                        new Payload.AllColumns(JSON));
        EventMapper.Outgoing event = new EventMapper(shape).map(row("a", value), Duration.ZERO);
        assertThat(event.namesItsContext()).isTrue();
        return event.context().path();
    }

    @Test
    void valuesCannotBreakOutOfTheirSegment() {
        assertThat(context("/x/{a}", "Zürich 8?", false)).isEqualTo("/x/Zürich 8?");
        for (String value : List.of("a/b", "*", "a+b", "#", "a\u0000", "", "..")) {
            assertThatThrownBy(() -> context("/x/{a}", value, false))
                    .as(value)
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("row 7 (line 8)");
        }
        assertThat(context("/x/{a}", "a/b*+#\n", true)).isEqualTo("/x/a_b____");
        assertThat(context("/x/{a}", "..", true)).isEqualTo("/x/_");
        assertThat(context("/x/{a}/y", "", true)).isEqualTo("/x/_/y");
        assertThatThrownBy(() -> context("x/{a}", "1", false))
                .hasMessageContaining("must begin with /");
    }

    private static String time(String format, String zone, String value) {
        String given = format.isEmpty() ? null : format;
        return new TimeColumn("a", given, ZoneId.of(zone)).at(row("a", value)).text();
    }

    @Test
    void timesAreReadInManyForms() {
        assertThat(time("", "UTC", "2026-03-01T12:00:00.1234567890+01:00"))
                .isEqualTo("2026-03-01T12:00:00.1234567890+01:00");
        assertThat(time("", "UTC", "2015-02-04 17:51:59")).isEqualTo("2015-02-04T17:51:59Z");
        assertThat(time("", "Europe/Berlin", "2015-07-04 17:51:59.5"))
                .isEqualTo("2015-07-04T17:51:59.5+02:00");
        assertThat(time("", "UTC", "2018-10-24T20:47:53.0000000"))
                .isEqualTo("2018-10-24T20:47:53Z");
        assertThat(time("epoch-seconds", "UTC", "1364323939.012000"))
                .isEqualTo("2013-03-26T18:52:19.012Z");
        assertThat(time("epoch-millis", "UTC", "1364323939012"))
                .isEqualTo("2013-03-26T18:52:19.012Z");
        assertThat(time("epoch-micros", "UTC", "-1")).isEqualTo("1969-12-31T23:59:59.999999Z");
        assertThat(time("dd.MM.yyyy HH:mm", "+01:00", "04.02.2015 17:51"))
                .isEqualTo("2015-02-04T17:51:00+01:00");
        assertThat(time("yyyy-MM-dd", "UTC", "2015-02-04")).isEqualTo("2015-02-04T00:00:00Z");
        for (String format : List.of("", "rfc3339", "epoch-millis", "HH:mm")) {
            assertThatThrownBy(() -> time(format, "UTC", "half past nine"))
                    .as(format)
                    .hasMessageContaining("row 7 (line 8): column a holds \"half past nine\"");
        }
        assertThatThrownBy(() -> time("rfc3339", "UTC", "2015-02-04 17:51:59"))
                .isInstanceOf(CommandFailure.class);
    }
}
