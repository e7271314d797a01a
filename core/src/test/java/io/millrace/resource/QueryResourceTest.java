package io.millrace.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.ByteSize;
import io.millrace.config.DocumentReader.Format;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QueryResourceTest {
    private static final String MINIMAL =
            "{kind: Query, name: a, sql: SELECT 1, output: {context: /out}}";

    private static final String FULL =
            """
            kind: Query
            name: floor-average
            inputs:
              zones: {stream: events}
              climate:
                pattern: /org/*/climate
                stream: events
                types: [com.contoso.climate, com.contoso.room.*]
                schema: {zeta: DOUBLE, at: 'ROW<lat DOUBLE, lon DOUBLE>', alpha: int}
            sql: |

              SELECT *
              FROM climate
            output:
              context: /floors/{floor}
              type: com.contoso.{kind}
              source: /queries/x
              subject: "{floor}"
              partitionKey: "{floor}"
            start: 2026-03-01T12:00:00Z
            eventTime: {delay: 2s, idle: never, lateness: 1m, ahead: 5m, lateContext: /late}
            parallelism: 4
            checkpointEvery: 500ms
            stateMax: 2GiB
            onStateLoss: restart
            cluster: http://flink:8081/
            savepoints: s3://bucket/flink
            """;

    private final ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);

    private @Nullable QueryResource read(String text) {
        List<ResourceDocument> documents =
                new ResourceReader().read(Bytes.utf8(text), Format.YAML, problems);
        return documents.isEmpty() ? null : QueryResource.read(documents.getFirst(), problems);
    }

    private QueryResource query(String text) {
        QueryResource query = read(text);
        assertThat(problems.problems()).isEmpty();
        return Objects.requireNonNull(query);
    }

    @Test
    void readsEveryField() {
        QueryResource query = query(FULL);
        Map<String, String> schema = new LinkedHashMap<>();
        schema.put("zeta", "DOUBLE");
        schema.put("at", "ROW<lat DOUBLE, lon DOUBLE>");
        schema.put("alpha", "int");
        assertThat(query)
                .isEqualTo(
                        new QueryResource(
                                "floor-average",
                                Map.of(
                                        "zones",
                                        QueryInput.ofStream("events"),
                                        "climate",
                                        new QueryInput(
                                                ContextPattern.of("/org/*/climate"),
                                                "events",
                                                List.of(
                                                        "com.contoso.climate",
                                                        "com.contoso.room.*"),
                                                null,
                                                schema)),
                                "\nSELECT *\nFROM climate",
                                new QueryOutput.ToContext(
                                        ColumnTemplate.parse("/floors/{floor}"),
                                        ColumnTemplate.parse("com.contoso.{kind}"),
                                        ColumnTemplate.parse("/queries/x"),
                                        ColumnTemplate.parse("{floor}"),
                                        ColumnTemplate.parse("{floor}")),
                                new StartPoint.Since(Instant.parse("2026-03-01T12:00:00Z")),
                                new EventTimeRules(
                                        Duration.ofSeconds(2),
                                        null,
                                        Duration.ofMinutes(1),
                                        Duration.ofMinutes(5),
                                        Context.of("/late")),
                                4,
                                Duration.ofMillis(500),
                                new ByteSize(2L << 30),
                                true,
                                new QueryCluster(
                                        URI.create("http://flink:8081"),
                                        URI.create("s3://bucket/flink"))));
        assertThat(query.inputs().keySet()).containsExactly("zones", "climate");
    }

    @Test
    void columnsKeepTheirOrder() {
        QueryInput climate = Objects.requireNonNull(query(FULL).inputs().get("climate"));
        assertThat(Objects.requireNonNull(climate.schema()).keySet())
                .containsExactly("zeta", "at", "alpha");
    }

    @Test
    void documentsHaveEveryDefaultAndReadBackEqual() {
        QueryResource minimal = query(MINIMAL);
        assertThat(minimal.toJson())
                .hasToString(
                        "{\"kind\":\"Query\",\"name\":\"a\",\"inputs\":{},\"sql\":\"SELECT 1\","
                                + "\"output\":{\"context\":\"/out\",\"type\":\"io.millrace.query.result\","
                                + "\"source\":\"/queries/a\"},\"start\":\"latest\",\"eventTime\":{"
                                + "\"delay\":\"1s\",\"idle\":\"5s\",\"lateness\":\"0s\",\"ahead\":\"1h\","
                                + "\"lateContext\":\"/late/a\"},\"parallelism\":1,"
                                + "\"checkpointEvery\":\"10s\",\"stateMax\":\"1GiB\","
                                + "\"onStateLoss\":\"refuse\"}");
        String toView =
                "{kind: Query, name: a, sql: SELECT 1, output: {view: v, key: '{a}/{b}'},"
                        + " start: earliest, eventTime: {lateContext: none}}";
        for (QueryResource query : List.of(minimal, query(FULL), query(toView))) {
            QueryResource again = query(query.toJson().toString());
            assertThat(again).isEqualTo(query);
            assertThat(again.etag()).isEqualTo(query.etag());
            assertThat(again.toJson()).hasToString(query.toJson().toString());
        }
        assertThat(query(toView).eventTime().lateContext()).isNull();
        assertThat(query(toView).output())
                .isEqualTo(new QueryOutput.ToView("v", ColumnTemplate.parse("{a}/{b}")));
    }

    @Test
    void theUsualRulesAreTheDefaults() {
        assertThat(query(MINIMAL).eventTime()).isEqualTo(EventTimeRules.usual("a"));
    }

    @Test
    void anotherStatementOfTheSameName() {
        QueryResource other = query(FULL).with("SELECT 2");
        assertThat(other.sql()).isEqualTo("SELECT 2");
        assertThat(other.with(query(FULL).sql())).isEqualTo(query(FULL));
    }

    @Test
    void anInputCanBeAView() {
        QueryResource query =
                query(
                        "kind: Query\nname: a\nsql: SELECT 1\noutput: {context: /a}\n"
                                + "inputs: {p: {view: prices, schema: {price: DOUBLE}}}\n");
        QueryInput input = Objects.requireNonNull(query.inputs().get("p"));
        assertThat(input.view()).isEqualTo("prices");
        assertThat(query.references())
                .containsExactly(
                        new ResourceReference("inputs.p.view", ResourceKind.VIEW, "prices"));
        assertThat(query.toJson().get("inputs").toString())
                .isEqualTo("{\"p\":{\"view\":\"prices\",\"schema\":{\"price\":\"DOUBLE\"}}}");
        assertThat(
                        wrong(
                                "sql: SELECT 1, output: {context: /a},"
                                        + " inputs: {p: {view: prices, stream: events}}"))
                .containsExactly(
                        "inputs.p.stream: does not go with view, which says itself what it is of");
    }

    private List<String> wrong(String fields) {
        QueryResource query = read("{kind: Query, name: a, " + fields + "}");
        assertThat(query).isNull();
        return problems.problems().stream().map(Object::toString).toList();
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(wrong("")).containsExactly("sql: is missing", "output: is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "sql: '  '| sql: must be a statement of at most 100000 characters",
                "sql: 1| sql: must be text; put it in quotes",
                "start: yesterday| start: must be earliest, latest, or a time such as 2026-03-01T",
                "start: 'events.1:12'| start: must be earliest, latest, or a time such as 2026-",
                "parallelism: 0| parallelism: must be a whole number from 1 to 128",
                "checkpointEvery: 10ms| checkpointEvery: must be from 100ms to 1h",
                "stateMax: 1000| stateMax:",
                "cluster: flink:8081| cluster: must be the address of a Flink cluster's REST endpoint",
                "cluster: 'http://flink:8081/jobs'| cluster: must be the address of a Flink cluster's",
                "savepoints: 's3://bucket/flink'| savepoints: is for a query with a cluster",
                "cluster: 'http://flink:8081', savepoints: /var/flink| savepoints: must be an absolute URI",
                "onStateLoss: restrat| onStateLoss: must be one of refuse, restart, but is",
                "sqll: SELECT 1| sqll: is not known; did you mean \"sql\"?",
                "eventTime: {delay: -1s}| eventTime.delay:",
                "eventTime: {idle: 0s}| eventTime.idle: must be from 1ms to 3650d",
                "eventTime: {late: drop}| eventTime.late: is not known",
                "eventTime: {lateContext: late}| eventTime.lateContext:",
                "eventTime: {lateContext: /millrace/late}| eventTime.lateContext: must not be in /m",
                "inputs: {t: {}}| inputs.t.pattern: is missing; an input needs a pattern, a stream, or both",
                "inputs: {t: {pattern: org}}| inputs.t.pattern:",
                "inputs: {t: {stream: Events}}| inputs.t.stream: must be a name",
                "inputs: {t: {stream: e, types: ['a*b']}}| inputs.t.types[0]: must be a type such as",
                "inputs: {t: {stream: e, schema: {a: ''}}}| inputs.t.schema.a: must be an SQL type such as DOUBLE",
                "inputs: {t: {stream: e, schema: {'': INT}}}| inputs.t.schema: must have names of 1 to 128 characters",
                "inputs: {t: {stream: e, schema: {a: 1}}}| inputs.t.schema.a: must be text; put it in quotes",
                "inputs: {' ': {stream: e}}| inputs: must have names of 1 to 128 characters",
                "inputs: {t: {stream: e, tipes: [a]}}| inputs.t.tipes: is not known; did you mean \"types\"?",
                "inputs: [a]| inputs: must have keys and values of its own",
            })
    void wrongFields(String field, String expected) {
        String sql = field.startsWith("sql:") ? "" : "sql: SELECT 1, ";
        assertThat(wrong(sql + "output: {context: /a}, " + field))
                .hasSize(1)
                .first()
                .asString()
                .startsWith(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}| output.context: is missing; an output is a context or a view",
                "{context: /a, view: v}| output.view: an output is either a context or a view, not both",
                "{view: V}| output.view: must be a name",
                "{view: v, subject: s}| output.subject: goes with context only",
                "{context: /a, key: '{k}'}| output.key: goes with view only",
                "{context: 'a/{b}'}| output.context:",
                "{context: /a/*}| output.context:",
                "{context: '/a/{b'}| output.context: must have the name of a column between { and }",
                "{context: '/millrace/{b}'}| output.context: must not be in /millrace, where only the server publishes",
                "{context: /a, type: ''}| output.type: must not be empty; leave it out for the default",
                "{context: /a, tipe: x}| output.tipe: is not known; did you mean \"type\"?",
            })
    void wrongOutputs(String output, String expected) {
        assertThat(wrong("sql: SELECT 1, output: " + output))
                .hasSize(1)
                .first()
                .asString()
                .startsWith(expected);
    }

    @Test
    void everyProblemAtOnce() {
        assertThat(wrong("sql: '', output: {}, parallelism: x, inputs: {t: {}, u: {types: 1}}"))
                .extracting(text -> text.substring(0, text.indexOf(':')))
                .containsExactly(
                        "inputs.t.pattern",
                        "inputs.u.pattern",
                        "inputs.u.types",
                        "sql",
                        "output.context",
                        "parallelism");
    }

    @Test
    void noMoreInputsThanThereMayBe() {
        StringBuilder inputs = new StringBuilder("inputs: {");
        for (int i = 0; i <= QueryResource.INPUTS_MAX; i++) {
            inputs.append("t%d: {stream: e}, ".formatted(i));
        }
        assertThat(wrong("sql: SELECT 1, output: {context: /a}, " + inputs + "}"))
                .containsExactly("inputs: must be at most 100");
    }
}
