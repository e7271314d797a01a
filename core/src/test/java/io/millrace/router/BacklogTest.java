package io.millrace.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What a relay's readers read of the log.
final class BacklogTest {
    private static final int MANY = 1_000;

    private final RelayGround ground = new RelayGround(3, LogConfig.DEFAULT);
    private final Stream events = ground.mount("events", 1, "/");
    private final Backlog backlog = ground.relay(1).backlog();
    private final PartitionName first = RelayGround.name(events, 0);

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            ground.publish(events, 0, i % 2 == 0 ? "/even" : "/odd", "e" + i);
        }
    }

    private Backlog.Piece read(long from, int eventsMax, int bytesMax) {
        return Objects.requireNonNull(
                backlog.read(
                        first,
                        from,
                        context -> context.path().equals("/odd"),
                        eventsMax,
                        bytesMax));
    }

    private static List<Long> offsets(Backlog.Piece piece) {
        return piece.events().stream().map(StoredEvent::offset).toList();
    }

    @Test
    void piecesFollowEachOtherWithoutAHole() {
        publish(100);
        List<Long> all = new ArrayList<>();
        long next = 0;
        Backlog.Piece piece;
        do {
            piece = read(next, 7, 600);
            assertThat(piece.events()).hasSizeLessThanOrEqualTo(7);
            assertThat(piece.next()).isGreaterThan(next);
            all.addAll(offsets(piece));
            next = piece.next();
        } while (!piece.isAtEnd());
        assertThat(all).hasSize(50).isSorted().doesNotHaveDuplicates().startsWith(1L, 3L);
        assertThat(next).isEqualTo(100);
    }

    @Test
    void aFullPieceEndsBeforeWhatIsNotInIt() {
        publish(10);
        Backlog.Piece piece = read(0, 2, MANY * MANY);
        assertThat(offsets(piece)).containsExactly(1L, 3L);
        assertThat(piece.next()).isEqualTo(4);
        assertThat(piece.isAtEnd()).isFalse();
    }

    @Test
    void atTheEndAndBehindItThereIsNothing() {
        publish(3);
        assertThat(read(3, MANY, MANY)).isEqualTo(new Backlog.Piece(List.of(), 3, true));
        assertThat(read(99, MANY, MANY)).isEqualTo(new Backlog.Piece(List.of(), 99, true));
        assertThat(backlog.at(first, 3)).isNull();
        assertThat(Objects.requireNonNull(backlog.at(first, 2)).event().id()).isEqualTo("e2");
    }

    @Test
    void aStreamThatIsGoneOrAnotherOneIsNotRead() {
        publish(3);
        ground.streams.clear();
        assertThat(backlog.read(first, 0, _ -> true, MANY, MANY)).isNull();
        assertThat(backlog.at(first, 0)).isNull();
        assertThat(backlog.isRecorded(first, 0, "me", 1)).isFalse();
        Stream again = ground.mount("events", 2, "/");
        assertThat(backlog.read(first, 0, _ -> true, MANY, MANY)).isNull();
        assertThat(backlog.named("events", 0)).isEqualTo(RelayGround.name(again, 0));
        assertThat(backlog.named("events", 9).streamId()).isEmpty();
        assertThat(backlog.named("other", 0).streamId()).isEmpty();
    }

    @Test
    void whatRetentionHasTakenIsLeftOut() {
        publish(10);
        events.partitions().getFirst().log().deleteBefore(6);
        assertThat(offsets(read(0, MANY, MANY * MANY))).containsExactly(7L, 9L);
        assertThat(backlog.at(first, 3)).isNull();
        assertThat(backlog.isRecorded(first, 0, "me", 1)).isFalse();
    }

    @Test
    void whatIsDamagedIsLeftOutAndNoted() throws IOException {
        publish(10);
        Log log = events.partitions().getFirst().log();
        Path folder = Path.of("/data/events.1/0");
        Path file =
                folder.resolve(
                        ground.disk.list(folder).stream()
                                .filter(each -> each.endsWith(".log"))
                                .findFirst()
                                .orElseThrow());
        ground.disk.damage(file, (int) (log.sizeBytes() / 2), 1);
        List<Long> all = new ArrayList<>();
        long next = 0;
        while (next < 10) {
            Backlog.Piece piece =
                    Objects.requireNonNull(backlog.read(first, next, _ -> true, MANY, MANY * MANY));
            all.addAll(offsets(piece));
            next = piece.next();
        }
        assertThat(all).hasSize(9).isSorted().contains(0L, 9L);
        assertThat(events.partitions().getFirst().damages()).hasSize(1);
    }

    @Test
    void whatWasRecordedIsKnownByItsMarks() {
        publish(3);
        ground.offer(events, 0, "/a", "x", "me", 7);
        ground.threads.drain();
        publish(2);
        assertThat(backlog.isRecorded(first, 0, "me", 7)).isTrue();
        assertThat(backlog.isRecorded(first, 3, "me", 7)).isTrue();
        assertThat(backlog.isRecorded(first, 4, "me", 7)).isFalse();
        assertThat(backlog.isRecorded(first, 0, "me", 8)).isFalse();
        assertThat(backlog.isRecorded(first, 0, "you", 7)).isFalse();
    }

    @Test
    void thePlaceOfAnEventIsThePartitionOfItsKeyAndNothingIsBehindIt() {
        publish(3);
        Context context = Context.of("/a");
        for (String key : List.of("k1", "k2", "k3", "k4")) {
            int number = events.partitionOf(key);
            assertThat(backlog.placeOf(context, key))
                    .isEqualTo(
                            new Backlog.Place(
                                    RelayGround.name(events, number), number == 0 ? 3 : 0));
        }
        int own = events.partitionOf("/a");
        assertThat(backlog.placeOf(context, null).partition())
                .isEqualTo(RelayGround.name(events, own));
    }

    @Test
    void aPatternReachesThePartitionsOfItsStreams() {
        Stream below = ground.mount("below", 2, "/a/b");
        assertThat(backlog.reachedBy(ContextPattern.of("/a/**")))
                .contains(RelayGround.name(below, 0), RelayGround.name(below, 1), first);
        assertThat(backlog.reachedBy(ContextPattern.of("/a/c/*")))
                .containsExactly(first, RelayGround.name(events, 1));
    }
}
