package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.resource.ResourceKind;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ResourceSetTest {
    private static final Path DATA = Path.of("/data");
    private static final String ALL =
            """
            {kind: Schedule, name: s, every: 1h, target: {queue: q}, job: {type: t}}
            ---
            {kind: Subscription, name: a, pattern: /x/**, queue: q}
            ---
            {kind: Queue, name: q}
            ---
            {kind: Stream, name: x, mount: /x, partitions: 1}
            """;

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private ResourceMachine machine;

    @BeforeEach
    void start() throws IOException {
        machine = new ResourceMachine(disk, DATA);
    }

    private void restart() throws IOException {
        disk.crash();
        start();
    }

    private static List<Problem> problems(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(MillraceException.class, call))
                .problems();
    }

    @Test
    void documentsOfAllKindsAreSetUpInTheOrderOfTheirKinds() {
        assertThat(machine.apply(ALL))
                .extracting(result -> result.resource().name())
                .containsExactly("s", "a", "q", "x");
        assertThat(machine.calls)
                .containsExactly(
                        "prepare q.3",
                        "prepare a.4",
                        "prepare s.5",
                        "created q.3",
                        "created a.4",
                        "created s.5");
        assertThat(machine.streams.incarnation("x")).isEqualTo(2);
        machine.calls.clear();
        assertThat(machine.apply(ALL))
                .extracting(ApplyResult::outcome)
                .containsOnly(ApplyResult.Outcome.UNCHANGED);
        assertThat(machine.calls).isEmpty();
    }

    @Test
    void whatIsRecordedIsOpenedAgainAndNoNumberIsGivenTwice() throws IOException {
        machine.apply(ALL);
        machine.apply("{kind: Queue, name: q, lease: 5s}");
        machine.delete(ResourceKind.SCHEDULE, "s");
        String queue = machine.shown(ResourceKind.QUEUE, "q");
        restart();
        assertThat(machine.calls).containsExactly("gone s.5", "opened q.3", "opened a.4");
        assertThat(machine.shown(ResourceKind.QUEUE, "q")).isEqualTo(queue).contains("5s");
        assertThat(machine.names(ResourceKind.SUBSCRIPTION)).containsExactly("a");
        assertThat(machine.names(ResourceKind.SCHEDULE)).isEmpty();
        assertThat(machine.names(ResourceKind.STREAM)).containsExactly("events", "millrace", "x");
        machine.calls.clear();
        machine.apply("{kind: Queue, name: other}");
        assertThat(machine.calls).containsExactly("prepare other.6", "created other.6");
    }

    @Test
    void everyChangeIsAnEventInAContextOfItsOwn() {
        machine.apply(ALL);
        machine.delete(ResourceKind.SUBSCRIPTION, "a");
        assertThat(machine.told())
                .extracting(stored -> stored.context() + " " + stored.event().type())
                .containsExactly(
                        "/millrace/streams/events io.millrace.stream.created",
                        "/millrace/streams/x io.millrace.stream.created",
                        "/millrace/queues/q io.millrace.queue.created",
                        "/millrace/subscriptions/a io.millrace.subscription.created",
                        "/millrace/schedules/s io.millrace.schedule.created",
                        "/millrace/subscriptions/a io.millrace.subscription.deleted");
    }

    /// Events as the servers wrote them that knew streams only.
    @Test
    void aFolderThatKnowsStreamsOnlyIsOpened() throws IOException {
        machine.log.write(
                List.of(
                        old("tickets", "created", 7, "/tickets"),
                        old("gone", "created", 9, "/gone"),
                        old("gone", "deleted", 9, null)));
        restart();
        assertThat(machine.names(ResourceKind.STREAM))
                .containsExactly("events", "millrace", "tickets");
        assertThat(machine.streams.incarnation("tickets")).isEqualTo(7);
        machine.apply("{kind: Queue, name: q}");
        assertThat(machine.calls).contains("created q.10");
    }

    private static Event old(String name, String verb, int incarnation, @Nullable String mount) {
        String document =
                "{\"kind\":\"Stream\",\"name\":\"%s\",\"mount\":\"%s\",\"partitions\":1}"
                        .formatted(name, mount);
        return Event.builder()
                .id(name + "." + incarnation + "." + verb)
                .source("/millrace/streams/" + name)
                .type("io.millrace.stream." + verb)
                .subject(name)
                .dataContentType(mount == null ? null : "application/json")
                .extension("incarnation", new IntegerValue(incarnation))
                .data(mount == null ? null : Bytes.utf8(document))
                .build();
    }

    @Test
    void whatIsReferredToMustBeThereOrComeAlong() {
        assertThat(
                        problems(() ->
                                machine.apply(
                                        """
                                        {kind: Subscription, name: a, pattern: /x/**, queue: q}
                                        ---
                                        {kind: Schedule, name: s, every: 1h, target: {queue: r}, job: {type: t}}
                                        ---
                                        {kind: Queue, name: q, color: red}
                                        """)))
                .extracting(Problem::code, Problem::field)
                .containsExactlyInAnyOrder(
                        tuple(ErrorCode.RESOURCE_INVALID, "[2].color"),
                        tuple(ErrorCode.RESOURCE_CONFLICT, "[0].queue"),
                        tuple(ErrorCode.RESOURCE_CONFLICT, "[1].target.queue"));
        assertThat(machine.calls).isEmpty();
    }

    @Test
    void whatIsReferredToCannotBeDeleted() {
        machine.apply(ALL);
        List<Problem> problems = problems(() -> machine.delete(ResourceKind.QUEUE, "q"));
        assertThat(problems).extracting(Problem::code).containsOnly(ErrorCode.RESOURCE_CONFLICT);
        assertThat(problems.toString()).contains("subscription a").contains("schedule s");
        machine.apply("{kind: Subscription, name: a, pattern: /x/**}");
        machine.delete(ResourceKind.SCHEDULE, "s");
        machine.delete(ResourceKind.QUEUE, "q");
        assertThat(machine.names(ResourceKind.QUEUE)).isEmpty();
    }

    @Test
    void eachKindMissesInItsOwnWords() {
        for (ResourceKind kind : ResourceKind.values()) {
            assertThat(problems(() -> machine.delete(kind, "none")).getFirst().code().slug())
                    .isEqualTo(kind.noun() + "-not-found");
        }
        assertThat(problems(() -> machine.apply("{kind: Qeue, name: q}")).toString())
                .contains("must be one of Stream, Queue, Subscription, Schedule, View, Query");
    }

    @Test
    void aHostThatCannotPrepareChangesNothing() throws IOException {
        machine.subscriptions.failing = "prepare a";
        assertThat(problems(() -> machine.apply(ALL)).getFirst().code())
                .isEqualTo(ErrorCode.DISK_FULL);
        assertThat(machine.calls)
                .containsExactly("prepare q.3", "prepare a.4", "discard q.3", "discard a.4");
        assertThat(machine.names(ResourceKind.QUEUE)).isEmpty();
        assertThat(machine.names(ResourceKind.STREAM)).containsExactly("events", "millrace");
        assertThat(machine.told()).hasSize(1);
        restart();
        assertThat(machine.calls).isEmpty();
        machine.apply(ALL);
        assertThat(machine.queues.open).containsOnlyKeys("q");
    }

    @Test
    void whatCannotBeRecordedIsTakenBack() {
        disk.failNext(SimulatedDisk.Call.WRITE, 0);
        assertThat(problems(() -> machine.apply("{kind: Queue, name: q}"))).isNotEmpty();
        assertThat(machine.calls).containsExactly("prepare q.2", "discard q.2");
        assertThat(machine.names(ResourceKind.QUEUE)).isEmpty();
    }

    @Test
    void aHostThatFailsAfterTheRecordLeavesTheOthersServed() throws IOException {
        machine.apply(ALL);
        machine.queues.failing = "changed q";
        assertThat(
                        problems(() ->
                                machine.apply(
                                        """
                                        {kind: Queue, name: q, lease: 5s}
                                        ---
                                        {kind: Queue, name: r}
                                        """)))
                .hasSize(1);
        assertThat(machine.shown(ResourceKind.QUEUE, "q")).contains("\"lease\":\"1m\"");
        assertThat(machine.names(ResourceKind.QUEUE)).containsExactly("q", "r");
        assertThat(machine.queues.open).containsOnlyKeys("q", "r");
        restart();
        assertThat(machine.shown(ResourceKind.QUEUE, "q")).contains("\"lease\":\"5s\"");
    }

    @Test
    void theFirstStreamIsTheOnlyOneOfAnEmptyFolder() {
        assertThat(machine.told())
                .extracting(StoredEvent::event)
                .extracting(Event::subject)
                .containsExactly("events");
    }
}
