package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.Retain;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ContextTableTest {
    private final ContextTable table = new ContextTable(100, 2);

    private StoredEvent event(String path, long offset, Bytes data) {
        table.of(path);
        Event event = Event.builder().id("1").source("/s").type("t").data(data).build();
        return new StoredEvent("events", 0, offset, 1000 + offset, Context.of(path), event);
    }

    private ContextNode.Newest newest(String path) {
        ContextNode node = Objects.requireNonNull(table.find(Context.of(path)));
        return Objects.requireNonNull(node.newest());
    }

    private static Bytes windowOn(byte[] body) {
        return Bytes.wrap(body, 10, 20);
    }

    @Test
    void aKeptEventLetsGoOfTheBatchItCameIn() {
        byte[] body = new byte[100_000];
        StoredEvent event = event("/a", 1, windowOn(body));
        table.recorded(event);
        assertThat(newest("/a")).as("no copy when it comes").isSameAs(event);
        table.compactKept();
        assertThat(newest("/a"))
                .isEqualTo(event)
                .isInstanceOfSatisfying(
                        StoredEvent.class,
                        kept ->
                                assertThat(
                                                Objects.requireNonNull(kept.event().data())
                                                        .backingArray())
                                        .hasSize(20));
    }

    @Test
    void anEventThatFitsItsBytesIsNotCopied() {
        StoredEvent event = event("/a", 1, windowOn(new byte[64]));
        table.recorded(event);
        table.compactKept();
        assertThat(newest("/a")).isSameAs(event);
    }

    @Test
    void onlySoManyEventsAreKeptTheOthersByTheirPlaces() {
        table.found(
                Context.of("/old"),
                new ContextNode.Place(new Receipt("events", 0, 0), 1),
                Retain.LATEST);
        for (int i = 1; i <= 3; i++) {
            table.recorded(event("/" + i, i, Bytes.utf8("x")));
        }
        assertThat(newest("/1")).isInstanceOf(StoredEvent.class);
        assertThat(newest("/2")).isInstanceOf(StoredEvent.class);
        assertThat(newest("/3")).isInstanceOf(ContextNode.Place.class);
        assertThat(table.active()).isEqualTo(4);
        table.recorded(event("/2", 4, Bytes.wrap(new byte[5000])));
        table.recorded(event("/3", 5, Bytes.utf8("y")));
        assertThat(newest("/2")).as("too large to be kept").isInstanceOf(ContextNode.Place.class);
        assertThat(newest("/3")).as("has the room of /2").isInstanceOf(StoredEvent.class);
    }

    @Test
    void whatIsFoundInTheLogNeverReplacesWhatCame() {
        StoredEvent live = event("/a", 7, Bytes.utf8("x"));
        table.recorded(live);
        table.found(
                Context.of("/a"),
                new ContextNode.Place(new Receipt("events", 0, 3), 5000),
                Retain.LATEST);
        assertThat(newest("/a")).isSameAs(live);
        ContextNode.Place later = new ContextNode.Place(new Receipt("events", 0, 9), 20);
        table.found(Context.of("/b"), later, Retain.LATEST);
        table.found(
                Context.of("/b"),
                new ContextNode.Place(new Receipt("events", 0, 2), 10),
                Retain.LATEST);
        assertThat(newest("/b")).isSameAs(later);
        assertThat(table.active()).isEqualTo(2);
    }
}
