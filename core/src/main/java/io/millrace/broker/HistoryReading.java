package io.millrace.broker;

import io.millrace.broker.stream.StreamSet;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.shard.Partition;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.time.Duration;
import java.util.List;

/// Reads of one stream's history. Thread-safe.
final class HistoryReading {
    private final StreamSet streams;

    HistoryReading(StreamSet streams) {
        this.streams = streams;
    }

    ReadResult read(Stream stream, ReadRequest request) throws InterruptedException {
        List<Partition> partitions = partitions(stream, request);
        HistoryReader history = new HistoryReader();
        for (Partition partition : partitions) {
            history.add(
                    partition,
                    HistoryReader.offsetOf(request.start(), partition),
                    request.pattern());
        }
        List<StoredEvent> events = history.next(request.eventsMax());
        if (events.isEmpty() && history.atEnd() && !request.waitMax().isZero()) {
            stream.partitions()
                    .getFirst()
                    .signal()
                    .await(() -> !history.atEnd() || isGone(stream), request.waitMax());
            events = history.next(request.eventsMax());
        }
        return new ReadResult(events, history.position(), history.atEnd());
    }

    /// One event by its place.
    ///
    /// @throws MillraceException PARTITION_NOT_FOUND, OFFSET_OUT_OF_RANGE
    StoredEvent one(Stream stream, Receipt place) {
        ReadRequest request =
                new ReadRequest(
                        stream.name(),
                        place.partition(),
                        new Start.At(place.offset()),
                        1,
                        Duration.ZERO,
                        null);
        Partition partition = partitions(stream, request).getFirst();
        HistoryReader history = new HistoryReader();
        history.add(partition, HistoryReader.offsetOf(request.start(), partition), null);
        List<StoredEvent> events = history.next(1);
        if (events.isEmpty() || events.getFirst().offset() != place.offset()) {
            throw new MillraceException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "position",
                    "%s has no event at offset %d".formatted(partition, place.offset()));
        }
        return events.getFirst();
    }

    private boolean isGone(Stream stream) {
        return streams.named(stream.name()) == null;
    }

    private static List<Partition> partitions(Stream stream, ReadRequest request) {
        Integer number = request.partition();
        if (number == null) {
            if (request.start() instanceof Start.At && stream.partitions().size() > 1) {
                throw new MillraceException(
                        ErrorCode.REQUEST_INVALID,
                        "partition",
                        "is needed with an offset, since the stream has %d partitions"
                                .formatted(stream.partitions().size()));
            }
            return stream.partitions();
        }
        if (number < 0 || number >= stream.partitions().size()) {
            throw new MillraceException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "partition",
                    "the stream %s has the partitions 0 to %d"
                            .formatted(stream.name(), stream.partitions().size() - 1));
        }
        return List.of(stream.partitions().get(number));
    }
}
