package io.millrace.broker;

import io.millrace.broker.ApplyResult.Outcome;
import io.millrace.broker.Catalogue.Known;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.io.Threading;
import io.millrace.log.Durability;
import io.millrace.log.EventRecords;
import io.millrace.resource.Cleanup;
import io.millrace.resource.StreamResource;
import io.millrace.shard.Append;
import io.millrace.stream.Mounts;
import io.millrace.stream.Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The streams that exist and are open. Thread-safe: changes hold a lock, the mounts are read
/// without one.
final class StreamSet {
    static final String SYSTEM = "millrace";
    static final String DEFAULT = "events";

    private static final StreamResource SYSTEM_STREAM =
            new StreamResource(
                    SYSTEM,
                    Context.of("/millrace"),
                    1,
                    Durability.SYNCED,
                    null,
                    null,
                    Cleanup.COMPACT);

    private final StreamHost host;
    private final Catalogue catalogue;
    private final Threading threading;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, Stream> open = new TreeMap<>();

    /// Streams of which a change was answered with an error and may be recorded nevertheless: their
    /// next change is recorded even if it seems to change nothing.
    private final Set<String> inDoubt = new HashSet<>();

    private final Stream system;
    private volatile Mounts mounts = new Mounts(List.of());

    /// Opens all streams, those of a first start being `events` and the system's own.
    ///
    /// @param first what the default stream is like, should it not exist
    StreamSet(StreamHost host, Catalogue catalogue, Threading threading, StreamResource first)
            throws IOException {
        this.host = host;
        this.catalogue = catalogue;
        this.threading = threading;
        this.system = host.open(SYSTEM_STREAM, 0);
        catalogue.recover(system);
        catalogue.avoid(host.folders());
        host.deleteLeftovers(catalogue.deleted());
        open.put(SYSTEM, system);
        catalogue
                .streams()
                .forEach((name, known) ->
                        open.put(name, host.open(known.resource(), known.incarnation())));
        catalogue.streams().put(SYSTEM, new Known(SYSTEM_STREAM, 0));
        mounts = new Mounts(open.values());
        if (!open.containsKey(DEFAULT)) {
            apply(List.of(first), List.of(""), Precondition.NONE, false);
        }
    }

    static boolean isReserved(StreamResource resource) {
        return SYSTEM_STREAM.mount().covers(resource.mount()) || resource.name().equals(SYSTEM);
    }

    /// Those that hold now.
    Mounts mounts() {
        return mounts;
    }

    List<StreamResource> resources() {
        lock.lock();
        try {
            return catalogue.streams().values().stream().map(Known::resource).toList();
        } finally {
            lock.unlock();
        }
    }

    StreamResource resource(String name) {
        lock.lock();
        try {
            return known(name).resource();
        } finally {
            lock.unlock();
        }
    }

    /// Tells a stream from earlier ones of its name; -1 if there is none.
    int incarnation(String name) {
        lock.lock();
        try {
            Known known = catalogue.find(name);
            return known == null ? -1 : known.incarnation();
        } finally {
            lock.unlock();
        }
    }

    private Known known(String name) {
        Known known = catalogue.find(name);
        if (known == null) {
            throw notFound(name);
        }
        return known;
    }

    static MillraceException notFound(String name) {
        return new MillraceException(
                ErrorCode.STREAM_NOT_FOUND, "there is no stream %s".formatted(name));
    }

    void check(List<StreamResource> wanted, List<String> paths, ProblemCollector problems) {
        lock.lock();
        try {
            Administration.checkAll(catalogue.streams(), wanted, paths, problems);
        } finally {
            lock.unlock();
        }
    }

    /// @param paths where each wanted stream stands in the request, for problems
    List<ApplyResult> apply(
            List<StreamResource> wanted,
            List<String> paths,
            Precondition precondition,
            boolean dryRun) {
        lock.lock();
        try {
            for (StreamResource resource : wanted) {
                Known known = catalogue.find(resource.name());
                precondition.check(known == null ? null : known.resource().etag());
            }
            ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
            Administration.checkAll(catalogue.streams(), wanted, paths, problems);
            problems.throwIfAny();
            List<ApplyResult> results = new ArrayList<>();
            for (StreamResource resource : wanted) {
                ApplyResult result =
                        Administration.compare(catalogue.find(resource.name()), resource);
                results.add(
                        inDoubt.contains(resource.name()) && result.outcome() == Outcome.UNCHANGED
                                ? new ApplyResult(resource, Outcome.CHANGED, result.diff())
                                : result);
            }
            if (!dryRun) {
                change(results);
            }
            return results;
        } finally {
            lock.unlock();
        }
    }

    private void change(List<ApplyResult> results) {
        List<Event> events = new ArrayList<>();
        TreeMap<String, Known> next = new TreeMap<>();
        TreeMap<String, Stream> created = new TreeMap<>();
        try {
            for (ApplyResult result : results) {
                StreamResource resource = result.resource();
                Known before = catalogue.find(resource.name());
                if (result.outcome() != Outcome.UNCHANGED) {
                    int incarnation =
                            before == null ? catalogue.nextIncarnation() : before.incarnation();
                    next.put(resource.name(), new Known(resource, incarnation));
                    events.add(
                            catalogue.put(
                                    before == null ? "created" : "changed", resource, incarnation));
                    if (before == null) {
                        created.put(resource.name(), host.open(resource, incarnation));
                    }
                }
            }
            if (!events.isEmpty()) {
                record(events);
            }
        } catch (RuntimeException e) {
            inDoubt.addAll(next.keySet());
            created.forEach((name, stream) -> {
                host.close(stream);
                Known known = next.get(name);
                if (known != null) {
                    host.delete(name, known.incarnation());
                }
            });
            throw e;
        }
        inDoubt.addAll(next.keySet());
        next.forEach((name, known) -> {
            Stream stream = created.get(name);
            Stream before = open.get(name);
            if (stream == null && before != null) {
                stream = host.change(before, known.resource(), known.incarnation());
            }
            if (stream != null) {
                open.put(name, stream);
            }
            catalogue.streams().put(name, known);
            inDoubt.remove(name);
        });
        mounts = new Mounts(open.values());
    }

    void delete(String name, Precondition precondition) {
        lock.lock();
        try {
            Known known = known(name);
            precondition.check(known.resource().etag());
            if (isReserved(known.resource()) || name.equals(DEFAULT)) {
                throw new MillraceException(
                        ErrorCode.RESOURCE_PROTECTED,
                        "name",
                        "the stream %s is always there; only other streams can be deleted"
                                .formatted(name));
            }
            inDoubt.add(name);
            record(List.of(catalogue.delete(name, known.incarnation())));
            inDoubt.remove(name);
            catalogue.streams().remove(name);
            Stream stream = open.remove(name);
            mounts = new Mounts(open.values());
            if (stream != null) {
                host.close(stream);
            }
            host.delete(name, known.incarnation());
        } finally {
            lock.unlock();
        }
    }

    /// Writes changes to the system stream, together or not at all, and waits until they are on
    /// disk.
    private void record(List<Event> events) {
        List<Append.Entry> entries = new ArrayList<>();
        for (Event event : events) {
            String name = event.subject();
            Context context = Catalogue.context(name == null ? "" : name);
            entries.add(
                    new Append.Entry(context, event, EventRecords.encode(event, context, true)));
        }
        CompletableFuture<Boolean> recorded = new CompletableFuture<>();
        Append.Reply reply =
                new Append.Reply() {
                    @Override
                    public void stored(Append append, long baseOffset) {
                        recorded.complete(true);
                    }

                    @Override
                    public void failed(Append append, MillraceException problem) {
                        recorded.completeExceptionally(problem);
                    }
                };
        Append append = new Append(system.partitions().getFirst(), entries, reply);
        if (!system.shards().getFirst().offer(append)) {
            throw new MillraceException(
                    ErrorCode.OVERLOADED, "too much waits to be written; try again");
        }
        try {
            threading.await(recorded);
        } catch (java.util.concurrent.CompletionException e) {
            throw e.getCause() instanceof MillraceException problem ? problem : e;
        }
    }

    @Nullable Stream named(String name) {
        return mounts.named(name);
    }

    /// Closes every stream; what waits is answered first.
    void close() {
        lock.lock();
        try {
            open.values().forEach(host::close);
        } finally {
            lock.unlock();
        }
    }
}
