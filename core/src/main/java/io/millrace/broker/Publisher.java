package io.millrace.broker;

import io.millrace.broker.stream.StreamSet;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.EventRecords;
import io.millrace.log.Marks;
import io.millrace.log.RecordBody;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.shard.Append;
import io.millrace.shard.Partition;
import io.millrace.shard.Shard;
import io.millrace.stream.ContextNode;
import io.millrace.stream.ContextTable;
import io.millrace.stream.Mounts;
import io.millrace.stream.Receipt;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The way in: from a publication to the shard of its partition, on the publisher's own thread.
/// Thread-safe.
final class Publisher {
    private static final int PROBLEMS_MAX = 100;

    private final Guard guard;
    private final ContextTable contexts;
    private final StreamSet streams;
    private final int eventBytesMax;

    Publisher(Guard guard, ContextTable contexts, StreamSet streams, int eventBytesMax) {
        this.guard = guard;
        this.contexts = contexts;
        this.streams = streams;
        this.eventBytesMax = eventBytesMax;
    }

    /// Where an event goes, and what is written there.
    private record Placed(Stream stream, int partition, Append.Entry entry) {}

    void publishOne(Principal principal, Publication publication, PublishReply reply) {
        Placed placed = place(principal, publication, streams.mounts());
        Partition partition = placed.stream.partitions().get(placed.partition);
        Append append = new Append(partition, List.of(placed.entry), new OneReply(reply));
        if (!placed.stream.shards().get(placed.partition).offer(append)) {
            throw overloaded();
        }
    }

    private Placed place(Principal principal, Publication publication, Mounts mounts) {
        ContextNode node = contexts.of(path(publication));
        Context context = node.context();
        guard.publish(principal, context);
        Event event = publication.event();
        ContextNode.Route route = node.route(mounts);
        Stream stream = route.stream();
        String key = event.partitionKey();
        int partition = key == null ? route.partition() : stream.partitionOf(key);
        Marks marks = publication.marks();
        RecordBody body = EventRecords.encode(event, context, stream.compacted(), marks);
        if (body.bytes().length > eventBytesMax) {
            throw new MillraceException(
                    ErrorCode.EVENT_TOO_LARGE,
                    "the event takes %d bytes, and at most %d are allowed"
                            .formatted(body.bytes().length, eventBytesMax));
        }
        return new Placed(stream, partition, new Append.Entry(context, event, body, marks));
    }

    private static String path(Publication publication) {
        String path = publication.context();
        if (path != null) {
            return path;
        }
        Context context = Context.ofSource(publication.event().source());
        if (context == null) {
            throw new MillraceException(
                    ErrorCode.CONTEXT_MISSING,
                    "source",
                    "is no absolute path and no full URI, so the context must be named in the request");
        }
        return context.path();
    }

    void publishAll(Principal principal, List<Publication> publications, PublishReply reply) {
        List<Placed> all = placeAll(principal, publications);
        Map<Partition, List<Integer>> byPartition = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Placed placed = all.get(i);
            byPartition
                    .computeIfAbsent(
                            placed.stream.partitions().get(placed.partition),
                            _ -> new ArrayList<>())
                    .add(i);
        }
        ManyReply many = new ManyReply(reply, new Receipt[all.size()], byPartition.size());
        List<Append> appends = new ArrayList<>();
        List<Shard> shards = new ArrayList<>();
        byPartition.forEach((partition, indices) -> {
            List<Append.Entry> entries = indices.stream().map(i -> all.get(i).entry).toList();
            Stream stream = all.get(indices.getFirst()).stream;
            appends.add(new Append(partition, entries, many.part(indices)));
            shards.add(stream.shards().get(partition.number()));
        });
        hand(appends, shards);
    }

    /// Hands all over, or nothing: room is made for all before the first goes.
    private static void hand(List<Append> appends, List<Shard> shards) {
        for (int i = 0; i < appends.size(); i++) {
            if (!shards.get(i).reserve(appends.get(i))) {
                for (int j = 0; j < i; j++) {
                    shards.get(j).release(appends.get(j));
                }
                throw overloaded();
            }
        }
        for (int i = 0; i < appends.size(); i++) {
            shards.get(i).put(appends.get(i));
        }
    }

    private List<Placed> placeAll(Principal principal, List<Publication> publications) {
        Mounts mounts = streams.mounts();
        List<Placed> all = new ArrayList<>(publications.size());
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < publications.size(); i++) {
            try {
                all.add(place(principal, publications.get(i), mounts));
            } catch (MillraceException e) {
                for (Problem problem : e.problems()) {
                    String field = problem.field() == null ? "" : "." + problem.field();
                    problems.add(
                            new Problem(problem.code(), "[" + i + "]" + field, problem.detail()));
                }
                if (problems.size() >= PROBLEMS_MAX) {
                    break;
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
        return all;
    }

    private static MillraceException overloaded() {
        return new MillraceException(
                ErrorCode.OVERLOADED,
                "too many events wait to be written; slow down and try again");
    }
}
