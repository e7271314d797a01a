package io.millrace.gateway.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.kafka.FakeSerial;
import io.millrace.gateway.kafka.FakeTable;
import io.millrace.gateway.kafka.FakeTopics;
import io.millrace.gateway.kafka.group.offset.Offset;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of the groups if a turn fails by a fault of the program.
final class FaultTest {
    private static final UUID TOPIC = new UUID(3, 4);

    private final FakeSerial serial = new FakeSerial();
    private final FakeTable table = new FakeTable();
    private final GroupCoordinator coordinator =
            new GroupCoordinator(serial, table, new FakeTopics(), GroupConfig.standard());

    /// Hears what it is told, in words.
    private static final class Heard implements Reply<String> {
        private final List<String> all = new ArrayList<>();

        @Override
        public void send(String response) {
            all.add(response);
        }

        @Override
        public void refuse(Errors error) {
            all.add(error.name());
        }
    }

    @BeforeEach
    void start() {
        coordinator.start();
        serial.runPending();
    }

    private Heard submit(Heard heard, Consumer<Turn> action) {
        coordinator.submit(heard, action);
        serial.runPending();
        return heard;
    }

    private Heard commit(long offset) {
        Heard heard = new Heard();
        return submit(
                heard,
                turn -> {
                    change(offset, turn);
                    turn.send(heard, "committed");
                });
    }

    private void change(long offset, Turn turn) {
        GroupEntry entry = coordinator.groups().obtain("g");
        entry.offsets().commit("t", TOPIC, 0, new Offset(offset, 0, "", turn.now(), -1), turn);
        entry.offsets().store(turn);
    }

    private @Nullable Long committed() {
        GroupEntry entry = coordinator.groups().find("g");
        List<Long> found = new ArrayList<>();
        if (entry != null) {
            entry.offsets().forEach((_, _, _, offset) -> found.add(offset.position()));
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    @Test
    void whatAFailedTurnHasChangedIsForgotten() {
        assertThat(commit(5).all).containsExactly("committed");
        int writes = table.writes();
        Heard heard = new Heard();
        Heard other = new Heard();
        submit(
                heard,
                turn -> {
                    change(9, turn);
                    turn.send(other, "too early");
                    throw new IllegalStateException("made by hand");
                });
        assertThat(heard.all).containsExactly("UNKNOWN_SERVER_ERROR");
        assertThat(other.all).containsExactly("COORDINATOR_NOT_AVAILABLE");
        assertThat(table.writes()).isEqualTo(writes);
        assertThat(commit(10).all).containsExactly("COORDINATOR_LOAD_IN_PROGRESS");
        serial.advance(Duration.ofSeconds(2));
        assertThat(committed()).isEqualTo(5);
        assertThat(commit(11).all).containsExactly("committed");
        assertThat(committed()).isEqualTo(11);
    }

    @Test
    void whoIsAnsweredAlreadyIsAnsweredOnce() {
        Heard heard = new Heard();
        submit(
                heard,
                turn -> {
                    turn.send(heard, "too early");
                    throw new IllegalStateException("made by hand");
                });
        assertThat(heard.all).containsExactly("COORDINATOR_NOT_AVAILABLE");
    }

    @Test
    void whatWasOnItsWayToTheDiskIsReadAgainWithTheRest() {
        table.hold();
        Heard slow = commit(5);
        submit(
                new Heard(),
                turn -> {
                    change(9, turn);
                    throw new IllegalStateException("made by hand");
                });
        serial.advance(Duration.ofSeconds(2));
        assertThat(slow.all).isEmpty();
        assertThat(commit(10).all).containsExactly("COORDINATOR_LOAD_IN_PROGRESS");
        table.release();
        serial.runPending();
        assertThat(slow.all).containsExactly("committed");
        serial.advance(Duration.ofSeconds(2));
        assertThat(committed()).isEqualTo(5);
    }

    @Test
    void aTimerThatFailsHasTheGroupsReadAgain() {
        assertThat(commit(5).all).containsExactly("committed");
        coordinator.onEach((_, turn) -> {
            change(9, turn);
            throw new IllegalStateException("made by hand");
        });
        serial.runPending();
        assertThat(commit(10).all).containsExactly("COORDINATOR_LOAD_IN_PROGRESS");
        serial.advance(Duration.ofSeconds(2));
        assertThat(committed()).isEqualTo(5);
    }
}
