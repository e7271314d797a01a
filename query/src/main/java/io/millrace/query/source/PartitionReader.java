package io.millrace.query.source;

import io.millrace.broker.query.Feed;
import io.millrace.broker.query.QueryGround;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.log.ReadBuffer;
import io.millrace.query.door.Doors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/// Reads the partitions that it was given, the one that is furthest behind in time first, so that
/// they stay close together. Used by its task's thread; only [#wake] is called by others.
final class PartitionReader implements SourceReader<RowData, PartitionSplit> {
    private static final int SLICE_BYTES = 128 << 10;

    /// How often a watermark is looked at that goes on without events.
    private static final long IDLE_CHECK_MILLIS = 20;

    private final SourcePlan plan;
    private final SourceReaderContext context;
    private final QueryGround door;
    private final RecordRows rows;
    private final RecordHeaders headers = new RecordHeaders();
    private final TypeFilter types;
    private final ContextsMet contexts;
    private final @Nullable ViewKeys keys;
    private final List<OpenSplit> splits = new ArrayList<>();
    private final ReadBuffer buffer = ReadBuffer.reused(SLICE_BYTES);
    private final Runnable waker = this::wake;
    private PartitionSplit.Tally finished = PartitionSplit.Tally.NONE;
    private boolean noMoreSplits;
    private boolean idle;
    private long emitted = EventClock.NONE;
    private volatile @Nullable CompletableFuture<Void> waiting;

    PartitionReader(SourcePlan plan, SourceReaderContext context) {
        this.plan = plan;
        this.context = context;
        this.door = Doors.of(plan.door());
        this.rows = new RecordRows(plan.columns());
        this.types = new TypeFilter(plan.types());
        this.contexts = new ContextsMet(ContextPattern.of(plan.pattern()));
        String view = plan.view();
        this.keys = view == null ? null : ViewKeys.of(door.views().resource(view));
    }

    @Override
    public void start() {
        MetricGroup metrics = context.metricGroup().addGroup("millrace");
        metrics.gauge("counted", () -> total().counted());
        metrics.gauge("corrected", () -> total().corrected());
        metrics.gauge("late", () -> total().late());
        metrics.gauge("invalid", () -> total().invalid());
        metrics.gauge("lag", this::lag);
        metrics.gauge("watermark", () -> emitted);
    }

    private PartitionSplit.Tally total() {
        PartitionSplit.Tally total = finished;
        for (OpenSplit split : List.copyOf(splits)) {
            total = total.plus(split.tally());
        }
        return total;
    }

    private long lag() {
        long lag = 0;
        for (OpenSplit split : List.copyOf(splits)) {
            lag += split.lag();
        }
        return lag;
    }

    @Override
    public void addSplits(List<PartitionSplit> added) {
        for (PartitionSplit split : added) {
            Feed feed = feed(split.feed());
            if (feed != null) {
                splits.add(new OpenSplit(split, feed, plan.rules()));
                feed.watch(waker, split.offset());
            } else {
                // Its stream was deleted; what it has counted stays counted.
                finished = finished.plus(split.tally());
            }
        }
        wake();
    }

    private @Nullable Feed feed(String id) {
        for (Feed feed : door.feeds().of(ContextPattern.of(plan.pattern()), plan.stream())) {
            if (feed.id().equals(id)) {
                return feed;
            }
        }
        return null;
    }

    @Override
    public void notifyNoMoreSplits() {
        noMoreSplits = true;
        wake();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<RowData> output) {
        // Before the look at the ends: whatever is recorded later is recorded after this moment.
        long now = door.clock().epochMillis();
        OpenSplit next = furthestBehind();
        if (next != null) {
            read(next, output);
            emitWatermark(output);
            return InputStatus.MORE_AVAILABLE;
        }
        if (noMoreSplits && splits.stream().allMatch(OpenSplit::isFinished)) {
            stand(output);
            return InputStatus.END_OF_INPUT;
        }
        if (plan.ends() == null) {
            splits.forEach(split -> split.advance(now));
        }
        emitWatermark(output);
        return InputStatus.NOTHING_AVAILABLE;
    }

    /// What the watermark was at the moment whose past this is: nothing more was recorded then.
    private void stand(ReaderOutput<RowData> output) {
        SourcePlan.Ends ends = plan.ends();
        if (ends != null && !ends.isComplete()) {
            splits.forEach(split -> split.clock.advance(ends.asOfMillis()));
            emitWatermark(output);
        }
    }

    /// Whether a partition that has ended counts no more: it does where the end is a moment.
    private boolean isGone(OpenSplit split) {
        SourcePlan.Ends ends = plan.ends();
        return split.isFinished() && (ends == null || ends.isComplete());
    }

    private @Nullable OpenSplit furthestBehind() {
        OpenSplit furthest = null;
        for (int i = 0; i < splits.size(); i++) {
            OpenSplit split = splits.get(i);
            if (!split.isAtEnd()
                    && (furthest == null || split.clock.watermark() < furthest.clock.watermark())) {
                furthest = split;
            }
        }
        return furthest;
    }

    private void read(OpenSplit split, ReaderOutput<RowData> output) {
        LogSlice slice;
        try {
            slice = split.feed.read(split.offset, buffer);
        } catch (MillraceException e) {
            goOn(split, e);
            return;
        }
        long end = Math.min(slice.nextOffset(), split.endOffset);
        slice.forEach(record -> {
            if (record.offset() < split.endOffset) {
                accept(split, record, output);
            }
        });
        split.offset = Math.max(split.offset, end);
    }

    /// What retention has taken or damage has destroyed cannot be waited for.
    private void goOn(OpenSplit split, MillraceException e) {
        if (e.code() == ErrorCode.OFFSET_OUT_OF_RANGE) {
            split.offset = Math.max(split.feed.startOffset(), split.offset + 1);
        } else if (e.code() == ErrorCode.PARTITION_CORRUPT) {
            split.offset = split.feed.nextIntactOffset(split.offset);
        } else {
            throw e;
        }
    }

    private void accept(OpenSplit split, LogRecord record, ReaderOutput<RowData> output) {
        headers.lookAt(record);
        ContextsMet.Met met = contexts.of(record, headers.context(), split.feed.origin());
        if (!met.wanted()) {
            return;
        }
        Event decoded = decoded(split, record);
        if (!types.wants(headers, decoded)) {
            return;
        }
        String key = null;
        if (keys != null && decoded != null) {
            key = keys.of(EventRecords.context(record, split.feed.origin()), decoded);
            if (key == null) {
                return;
            }
        }
        long time = RecordRows.eventMillis(record, headers, decoded);
        long before = Math.max(split.clock.watermark(), emitted + 1);
        EventClock.Verdict verdict =
                split.clock.observe(
                        time,
                        record.timestampMillis(),
                        emitted == EventClock.NONE ? EventClock.NONE : emitted + 1);
        if (verdict == EventClock.Verdict.LATE || verdict == EventClock.Verdict.AHEAD) {
            split.late++;
            String reason = reason(verdict, time, record.timestampMillis(), before);
            output.collect(LateRows.of(split.feed.id(), record.offset(), reason), time);
            return;
        }
        RecordRows.Made made = rows.make(record, split.feed.origin(), met, time, decoded, key);
        boolean removes = key != null && decoded != null && decoded.data() == null;
        if (key != null) {
            made.row().setRowKind(removes ? RowKind.DELETE : RowKind.UPDATE_AFTER);
        }
        if (made.problem() != null && !removes) {
            split.invalid++;
            output.collect(LateRows.of(split.feed.id(), record.offset(), made.problem()), time);
            return;
        }
        if (verdict == EventClock.Verdict.CORRECTS) {
            split.corrected++;
        } else {
            split.counted++;
        }
        output.collect(made.row(), time);
    }

    /// Keys of views are made of whole events.
    private @Nullable Event decoded(OpenSplit split, LogRecord record) {
        return keys == null
                ? rows.decoded(record, headers, split.feed.origin())
                : EventRecords.decode(record, split.feed.origin()).event();
    }

    private static String reason(
            EventClock.Verdict verdict, long time, long recorded, long watermark) {
        return verdict == EventClock.Verdict.AHEAD
                ? "its time is %d ms ahead of the clock".formatted(time - recorded)
                : "it is %d ms behind the watermark".formatted(watermark - time);
    }

    /// The earliest of the partitions that have begun.
    private void emitWatermark(ReaderOutput<RowData> output) {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < splits.size(); i++) {
            OpenSplit split = splits.get(i);
            long watermark = split.clock.watermark();
            if (isGone(split) || (watermark == EventClock.NONE && split.isAtEnd())) {
                continue;
            }
            earliest = Math.min(earliest, watermark);
        }
        if (earliest == Long.MAX_VALUE) {
            // Whoever is idle is not heard; at an end the last watermark has to be.
            if (!idle && plan.ends() == null) {
                idle = true;
                output.markIdle();
            }
            return;
        }
        if (idle) {
            idle = false;
            output.markActive();
        }
        if (earliest != EventClock.NONE && earliest - 1 > emitted) {
            emitted = earliest - 1;
            output.emitWatermark(new Watermark(emitted));
        }
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        // The same one until it is done: Flink may hold on to any that it was given.
        CompletableFuture<Void> future = waiting;
        if (future == null || future.isDone()) {
            future = new CompletableFuture<>();
            if (plan.rules().idleMillis() >= 0 && plan.ends() == null) {
                future = timed(future);
            }
            waiting = future;
        }
        boolean ended = noMoreSplits && splits.stream().allMatch(OpenSplit::isFinished);
        if (ended || furthestBehind() != null) {
            complete(future);
        }
        return future;
    }

    // Flink's futures of nothing are complete with null, which their type does not say.
    @SuppressWarnings("NullAway")
    private static void complete(CompletableFuture<Void> future) {
        future.complete(null);
    }

    @SuppressWarnings("NullAway")
    private static CompletableFuture<Void> timed(CompletableFuture<Void> future) {
        return future.completeOnTimeout(null, IDLE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void wake() {
        CompletableFuture<Void> future = waiting;
        if (future != null) {
            complete(future);
        }
    }

    @Override
    public List<PartitionSplit> snapshotState(long checkpoint) {
        return splits.stream().map(OpenSplit::split).toList();
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        // Offsets are in the checkpoint; nobody else wants them.
    }

    @Override
    public void close() {
        splits.forEach(split -> split.feed.unwatch(waker));
    }
}
