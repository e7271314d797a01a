package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.DocumentReader.Format;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.resource.ResourceDiff;
import io.millrace.resource.ResourceReader;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ScheduleResourceTest {
    private static final String FULL =
            """
            kind: Schedule
            name: nightly
            cron: 30 2 * * MON-FRI
            timeZone: Europe/Berlin
            catchUp: all
            catchUpMax: 7
            target: {queue: billing}
            job:
              type: com.contoso.close-books
              source: /erp
              subject: today
              data: {rate: 0.1000, big: 9007199254740993, list: [1, null]}
            """;
    private static final String MINIMAL =
            "{kind: Schedule, name: tick, every: 1h, target: {context: /c}, event: {type: tick}}";

    @Test
    void readsEveryField() {
        ScheduleResource schedule = schedule(FULL);
        assertThat(schedule.name()).isEqualTo("nightly");
        assertThat(schedule.timetable())
                .isEqualTo(Cron.of("30 2 * * MON-FRI", ZoneId.of("Europe/Berlin")));
        assertThat(schedule.catchUp()).isEqualTo(new CatchUp(CatchUp.Policy.ALL, 7));
        assertThat(schedule.target()).isEqualTo(new ScheduleTarget.ToQueue("billing"));
        Event job = schedule.template().toEvent("nightly", Instant.parse("2026-01-01T01:30:00Z"));
        assertThat(job.id()).isEqualTo("nightly@2026-01-01T01:30:00Z");
        assertThat(job.type()).isEqualTo("com.contoso.close-books");
        assertThat(job.source()).isEqualTo("/erp");
        assertThat(job.subject()).isEqualTo("today");
        assertThat(Objects.requireNonNull(job.time()).text()).isEqualTo("2026-01-01T01:30:00Z");
        assertThat(Objects.requireNonNull(job.data()).toUtf8())
                .isEqualTo("{\"rate\":0.1000,\"big\":9007199254740993,\"list\":[1,null]}");
    }

    @Test
    void canonicalDocumentsHaveEveryDefaultAndReadBackEqual() {
        assertThat(schedule(MINIMAL).toJson())
                .hasToString(
                        "{\"kind\":\"Schedule\",\"name\":\"tick\",\"every\":\"1h\","
                                + "\"anchor\":\"1970-01-01T00:00:00Z\",\"catchUp\":\"once\","
                                + "\"target\":{\"context\":\"/c\"},\"event\":{\"type\":\"tick\","
                                + "\"source\":\"/schedules/tick\"}}");
        for (String text :
                List.of(
                        FULL,
                        MINIMAL,
                        "{kind: Schedule, name: a, at: '2026-12-24T18:00:00.5+01:00', catchUp: skip,"
                                + " target: {context: /}, event: {type: t, data: hi,"
                                + " dataContentType: text/plain}}",
                        "{kind: Schedule, name: a, cron: '@daily', target: {context: /a},"
                                + " event: {type: t, data: false}}")) {
            ScheduleResource schedule = schedule(text);
            ScheduleResource again = schedule(schedule.toJson().toString());
            assertThat(again.toJson()).hasToString(schedule.toJson().toString());
            assertThat(again.timetable()).isEqualTo(schedule.timetable());
            assertThat(again.catchUp().policy()).isEqualTo(schedule.catchUp().policy());
            assertThat(again.etag()).isEqualTo(schedule.etag());
        }
        ScheduleResource once =
                schedule(
                        "{kind: Schedule, name: a, at: '2026-12-24T18:00:00+01:00',"
                                + " target: {context: /a}, event: {type: t, data: hi,"
                                + " dataContentType: text/plain}}");
        assertThat(once.timetable()).isEqualTo(new Once(Instant.parse("2026-12-24T17:00:00Z")));
        assertThat(once.template().toEvent("a", Instant.EPOCH).data()).isEqualTo(Bytes.utf8("hi"));
        assertThat(once.target()).isEqualTo(new ScheduleTarget.ToContext(Context.of("/a")));
        assertThat(schedule(MINIMAL).timetable())
                .isEqualTo(new Every(Duration.ofHours(1), Instant.EPOCH));
    }

    @Test
    void differencesAreByField() {
        ScheduleResource before = schedule(MINIMAL);
        ScheduleResource after = schedule(MINIMAL.replace("1h", "90s").replace("/c", "/d"));
        assertThat(ResourceDiff.between(before.toJson(), after.toJson()))
                .hasToString("~ every: 1h -> 90s\n~ target.context: /c -> /d\n");
    }

    @Test
    void everyProblemIsReported() {
        assertThat(
                        problems(
                                """
                                kind: Schedule
                                name: a
                                cron: 0 0 30 2 *
                                timeZone: Europe/Bonn
                                every: 10ms
                                at: tomorrow
                                anchor: 5
                                catchUp: never
                                catchUpMax: 0
                                target: {context: a, topic: b}
                                job: {}
                                tagret: 1
                                """))
                .containsExactlyInAnyOrder(
                        "cron: never comes: no month has such a day, but is \"0 0 30 2 *\"",
                        "timeZone: must be a time zone such as Europe/Berlin, UTC or +01:00, but is"
                                + " \"Europe/Bonn\"",
                        "every: must be a duration from 1s to 3660d",
                        "at: must be a time with its offset such as 2026-12-24T18:00:00+01:00, but is"
                                + " \"tomorrow\"",
                        "anchor: must be a time with its offset such as 2026-12-24T18:00:00+01:00,"
                                + " but is \"5\"",
                        "cron: must be given, or every, or at, and just one of them",
                        "catchUp: must be one of skip, once, all, but is \"never\"",
                        "catchUpMax: must be a whole number from 1 to 1000",
                        "catchUpMax: goes with catchUp: all only",
                        "target.topic: is not known; known are context, queue",
                        "target.context: \"a\" must begin with /",
                        "job.type: is missing",
                        "tagret: is not known; did you mean \"target\"?");
    }

    @Test
    void targetsAndTemplatesBelongTogether() {
        assertThat(problems("{kind: Schedule, name: a, target: {}, event: []}"))
                .containsExactlyInAnyOrder(
                        "cron: must be given, or every, or at, and just one of them",
                        "target: must have either context or queue",
                        "event: must have keys and values of its own");
        assertThat(problems("{kind: Schedule, name: a, every: 1h, timeZone: UTC}"))
                .containsExactlyInAnyOrder(
                        "timeZone: goes with cron only; an instant has its offset",
                        "target: is missing",
                        "event: is missing");
        assertThat(
                        problems(
                                "{kind: Schedule, name: a, every: 1h, target: {queue: Q},"
                                        + " event: {type: t}}"))
                .contains("target.queue: must be the name of a queue: 1 to 63 of a-z, 0-9 and -");
        assertThat(
                        problems(
                                "{kind: Schedule, name: a, every: 1h, target: {queue: q},"
                                        + " event: {type: t}}"))
                .containsExactlyInAnyOrder(
                        "event: goes to a context; what goes to a queue is a job",
                        "job: is missing");
        assertThat(
                        problems(
                                "{kind: Schedule, name: a, every: 1h, target: {context: /q}, event:"
                                        + " {type: '', source: 'a b', dataContentType: text, data: 1}}"))
                .contains("event.data: must be text, because dataContentType is not JSON")
                .anyMatch(problem -> problem.startsWith("event.type: must not be empty"))
                .anyMatch(problem -> problem.startsWith("event.source: "))
                .anyMatch(problem -> problem.startsWith("event.dataContentType: must be a media"));
    }

    private static ScheduleResource schedule(String text) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        ScheduleResource schedule = read(text, problems);
        problems.throwIfAny();
        return Objects.requireNonNull(schedule);
    }

    private static List<String> problems(String text) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        assertThat(read(text, problems)).isNull();
        return problems.problems().stream().map(Problem::toString).toList();
    }

    private static @Nullable ScheduleResource read(String text, ProblemCollector problems) {
        return ScheduleResource.read(
                new ResourceReader().read(Bytes.utf8(text), Format.YAML, problems).getFirst(),
                problems);
    }
}
