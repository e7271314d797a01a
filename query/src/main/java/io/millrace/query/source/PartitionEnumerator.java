package io.millrace.query.source;

import io.millrace.broker.query.Feed;
import io.millrace.event.ContextPattern;
import io.millrace.query.door.Doors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.jspecify.annotations.Nullable;

/// Finds the partitions of a table, now and then also those of streams that were mounted later, and
/// gives each to a reader. Used by the coordinator's thread.
final class PartitionEnumerator implements SplitEnumerator<PartitionSplit, Set<String>> {
    private static final long DISCOVERY_MILLIS = 2_000;

    private final SourcePlan plan;
    private final SplitEnumeratorContext<PartitionSplit> context;

    /// Given to a reader, or about to be.
    private final Set<String> assigned;

    private final Queue<PartitionSplit> waiting = new ArrayDeque<>();
    private final Set<Integer> told = new TreeSet<>();
    private boolean discovered;
    private int next;

    PartitionEnumerator(
            SourcePlan plan, SplitEnumeratorContext<PartitionSplit> context, Set<String> assigned) {
        this.plan = plan;
        this.context = context;
        this.assigned = new LinkedHashSet<>(assigned);
    }

    @Override
    public void start() {
        if (plan.ends() == null) {
            context.callAsync(this::find, this::found, 0, DISCOVERY_MILLIS);
        } else {
            context.callAsync(this::find, this::found);
        }
    }

    private List<PartitionSplit> find() {
        List<PartitionSplit> splits = new ArrayList<>();
        for (Feed feed :
                Doors.of(plan.door())
                        .feeds()
                        .of(ContextPattern.of(plan.pattern()), plan.stream())) {
            SourcePlan.Ends ends = plan.ends();
            Long end =
                    ends == null
                            ? Long.valueOf(PartitionSplit.ENDLESS)
                            : ends.offsets().get(feed.id());
            if (end != null) {
                Long start = plan.starts().get(feed.id());
                splits.add(
                        new PartitionSplit(
                                feed.id(), start == null ? feed.startOffset() : start, end));
            }
        }
        return splits;
    }

    private void found(@Nullable List<PartitionSplit> splits, @Nullable Throwable problem) {
        if (problem instanceof UncheckedIOException && discovered && plan.ends() == null) {
            // The server of a query elsewhere is away; it is asked again.
            return;
        }
        if (problem != null || splits == null) {
            throw new IllegalStateException("the partitions cannot be found", problem);
        }
        discovered = true;
        for (PartitionSplit split : splits) {
            if (assigned.add(split.feed())) {
                waiting.add(split);
            }
        }
        assign();
    }

    private void assign() {
        List<Integer> readers =
                new ArrayList<>(new TreeSet<>(context.registeredReaders().keySet()));
        // All together, so that each run of a query divides them in the same way.
        if (readers.size() < context.currentParallelism()) {
            return;
        }
        Map<Integer, List<PartitionSplit>> assignment = new HashMap<>();
        while (!waiting.isEmpty()) {
            int reader = readers.get(next++ % readers.size());
            assignment.computeIfAbsent(reader, _ -> new ArrayList<>()).add(waiting.remove());
        }
        if (!assignment.isEmpty()) {
            context.assignSplits(new SplitsAssignment<>(assignment));
        }
        if (plan.ends() != null && discovered) {
            for (int reader : readers) {
                if (told.add(reader)) {
                    context.signalNoMoreSplits(reader);
                }
            }
        }
    }

    @Override
    public void handleSplitRequest(int reader, @Nullable String host) {
        // Readers are given what there is.
    }

    @Override
    public void addSplitsBack(List<PartitionSplit> splits, int reader) {
        waiting.addAll(splits);
        told.remove(reader);
        assign();
    }

    @Override
    public void addReader(int reader) {
        if (discovered) {
            assign();
        }
    }

    @Override
    public Set<String> snapshotState(long checkpoint) {
        Set<String> given = new LinkedHashSet<>(assigned);
        // What nobody has yet is in no reader's state: it has to be found again.
        waiting.forEach(split -> given.remove(split.feed()));
        return given;
    }

    @Override
    public void close() throws IOException {
        // Nothing is held.
    }
}
