package io.millrace.gateway.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NotesTest {
    private final Notes notes = new Notes();
    private final ArrayDeque<Notes.Done> writes = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private @Nullable MillraceException failure;

    private void note(String name) {
        note(name, () -> {});
    }

    private void note(String name, Runnable more) {
        notes.whenNoted(
                writes::add,
                () -> {
                    ran.add(name);
                    more.run();
                },
                problem -> failure = problem);
    }

    private void written() {
        writes.remove().done(null);
    }

    @Test
    void whatComesMeanwhileIsWrittenTogether() {
        note("a");
        note("b");
        note("c");
        assertThat(writes).hasSize(1);
        written();
        assertThat(ran).containsExactly("a");
        assertThat(writes).hasSize(1);
        written();
        assertThat(ran).containsExactly("a", "b", "c");
        assertThat(writes).isEmpty();
        assertThat(notes.isBusy()).isFalse();
    }

    @Test
    void whatAnActionAddsIsWrittenAnew() {
        note("a", () -> note("b"));
        written();
        assertThat(ran).containsExactly("a");
        assertThat(writes).hasSize(1);
        written();
        assertThat(ran).containsExactly("a", "b");
        assertThat(writes).isEmpty();
    }

    @Test
    void failureRunsNothing() {
        note("a");
        note("b");
        writes.remove().done(new MillraceException(ErrorCode.DISK_FULL, "full"));
        assertThat(ran).isEmpty();
        assertThat(failure).isNotNull();
        assertThat(notes.isBusy()).isFalse();
        note("c");
        written();
        assertThat(ran).containsExactly("c");
    }

    /// Whoever asks from within an action hears that others wait.
    @Test
    void busyWhileActionsWait() {
        List<Boolean> busy = new ArrayList<>();
        note("first");
        note("a", () -> busy.add(notes.isBusy()));
        note("b", () -> busy.add(notes.isBusy()));
        written();
        written();
        assertThat(busy).containsExactly(true, false);
    }
}
