package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.Durability;
import io.millrace.log.EventRecords;
import io.millrace.log.FileLogs;
import io.millrace.log.LogConfig;
import io.millrace.shard.Append;
import io.millrace.shard.Partition;
import io.millrace.shard.ReadSignal;
import io.millrace.shard.StreamId;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.stream.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A batch of three events in two parts.
final class ManyReplyTest {
    private final MillraceException full =
            new MillraceException(ErrorCode.DISK_FULL, "Nothing was recorded: no room.");
    private final MillraceException failed =
            new MillraceException(ErrorCode.PARTITION_FAILED, "Flushing failed.");

    private final List<MillraceException> failures = new ArrayList<>();
    private final ManyReply many =
            new ManyReply(
                    new PublishReply() {
                        @Override
                        public void stored(List<Receipt> receipts) {
                            throw new AssertionError("not all of it is stored");
                        }

                        @Override
                        public void failed(MillraceException problem) {
                            failures.add(problem);
                        }
                    },
                    new Receipt[3],
                    2);
    private final Append.Reply first = many.part(List.of(0, 2));
    private final Append.Reply second = many.part(List.of(1));
    private Append append;

    @BeforeEach
    void open() throws IOException {
        FileLogs logs = new FileLogs(new SimulatedDisk(new Random(1)), new SimulatedClock());
        Partition partition =
                new Partition(
                        new StreamId("s", 1),
                        0,
                        logs.open(Path.of("/data/0"), LogConfig.DEFAULT).log(),
                        Durability.SYNCED,
                        new ReadSignal());
        Context context = Context.of("/a");
        Event event = Event.builder().id("1").source("/s").type("t").build();
        Append.Entry entry =
                new Append.Entry(context, event, EventRecords.encode(event, context, false));
        append = new Append(partition, List.of(entry), first);
    }

    @Test
    void aBatchOfWhichAPartIsStoredIsNotSaidToBeUnrecorded() {
        first.stored(append, 0);
        second.failed(append, full);
        assertThat(failures)
                .singleElement()
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
                    assertThat(e.problems().getFirst().detail())
                            .isEqualTo(
                                    "2 of the 3 events are recorded; send the batch again."
                                            + " Of the others: Nothing was recorded: no room.");
                });
    }

    @Test
    void aBatchOfWhichAPartMayBeRecordedIsNotSaidToBeUnrecorded() {
        first.failed(append, full);
        second.failed(append, failed);
        assertThat(failures).containsExactly(failed);
    }

    @Test
    void aBatchOfWhichNothingIsRecordedIsSaidToBeSo() {
        first.failed(append, full);
        second.failed(append, full);
        assertThat(failures).containsExactly(full);
    }
}
