package io.millrace.broker.stream;

import io.millrace.broker.catalogue.Deleted;
import io.millrace.broker.catalogue.Proposal;
import io.millrace.broker.catalogue.ResourceHost;
import io.millrace.config.ProblemCollector;
import io.millrace.event.Context;
import io.millrace.log.Durability;
import io.millrace.resource.Cleanup;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.StreamResource;
import io.millrace.shard.StreamId;
import io.millrace.stream.Mounts;
import io.millrace.stream.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The streams that are open. What changes them belongs to whoever holds the lock of the resources;
/// the mounts are for every thread.
public final class StreamSet implements ResourceHost<StreamResource> {
    public static final String DEFAULT = "events";

    /// The server's own stream, which is no document and always there.
    public static final StreamResource SYSTEM_STREAM =
            new StreamResource(
                    "millrace",
                    Context.of("/millrace"),
                    1,
                    Durability.SYNCED,
                    null,
                    null,
                    Cleanup.COMPACT);

    public static final String SYSTEM = SYSTEM_STREAM.name();

    /// What there is from the start, so that publishing works before anything is set up.
    public static final StreamResource FIRST_STREAM =
            new StreamResource(
                    DEFAULT,
                    Context.ROOT,
                    4,
                    Durability.SYNCED,
                    Duration.ofDays(7),
                    null,
                    Cleanup.DELETE);

    private final StreamHost host;
    private final Stream system;
    private final TreeMap<String, Stream> open = new TreeMap<>();

    /// Opened, and not to be seen before their creation is recorded.
    private final Map<StreamId, Stream> prepared = new TreeMap<>(StreamSet::order);

    private final List<Consumer<Stream>> deletionListeners = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> incarnations = new ConcurrentHashMap<>();
    private volatile Mounts mounts = new Mounts(List.of());

    /// Opens the server's own stream; the others follow when it has been read.
    public StreamSet(StreamHost host) {
        this.host = host;
        this.system = host.open(SYSTEM_STREAM, 0);
        put(system, 0);
    }

    private static int order(StreamId a, StreamId b) {
        return Integer.compare(a.incarnation(), b.incarnation());
    }

    public Stream system() {
        return system;
    }

    /// Those that hold now.
    public Mounts mounts() {
        return mounts;
    }

    /// Tells a stream from earlier ones of its name; -1 if there is none.
    public int incarnation(String name) {
        return incarnations.getOrDefault(name, -1);
    }

    public @Nullable Stream named(String name) {
        return mounts.named(name);
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.STREAM;
    }

    @Override
    public Class<StreamResource> type() {
        return StreamResource.class;
    }

    @Override
    public void check(List<Proposal<StreamResource>> proposals, ProblemCollector problems) {
        new StreamRules(SYSTEM_STREAM, problems).check(open.values(), proposals);
    }

    @Override
    public void checkDeletion(StreamResource resource, ProblemCollector problems) {
        new StreamRules(SYSTEM_STREAM, problems).checkDeletion(resource);
    }

    @Override
    public Collection<Integer> incarnations() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String folder : host.folders()) {
            String number = folder.substring(folder.lastIndexOf('.') + 1);
            if (number.matches("[0-9]{1,9}")) {
                numbers.add(Integer.valueOf(number));
            }
        }
        return numbers;
    }

    @Override
    public void leftBehind(List<Deleted> deleted) throws IOException {
        host.deleteLeftovers(
                deleted.stream()
                        .map(gone -> new StreamId(gone.name(), gone.incarnation()).toString())
                        .toList());
    }

    @Override
    public void opened(StreamResource resource, int incarnation) {
        put(host.open(resource, incarnation), incarnation);
    }

    private void put(Stream stream, int incarnation) {
        open.put(stream.name(), stream);
        incarnations.put(stream.name(), incarnation);
    }

    @Override
    public void prepare(StreamResource resource, int incarnation) {
        prepared.put(new StreamId(resource.name(), incarnation), host.open(resource, incarnation));
    }

    @Override
    public void discard(StreamResource resource, int incarnation) {
        Stream stream = prepared.remove(new StreamId(resource.name(), incarnation));
        if (stream != null) {
            host.close(stream);
            host.delete(resource.name(), incarnation);
        }
    }

    @Override
    public void created(StreamResource resource, int incarnation) {
        Stream stream = prepared.remove(new StreamId(resource.name(), incarnation));
        if (stream == null) {
            throw new IllegalStateException(resource.name() + " was not prepared");
        }
        put(stream, incarnation);
    }

    @Override
    public void changed(StreamResource before, StreamResource after, int incarnation) {
        Stream stream = open.get(after.name());
        if (stream != null) {
            put(host.change(stream, after, incarnation), incarnation);
        }
    }

    @Override
    public void deleted(StreamResource resource, int incarnation) {
        Stream stream = open.remove(resource.name());
        incarnations.remove(resource.name());
        completed();
        if (stream != null) {
            host.close(stream);
            deletionListeners.forEach(listener -> listener.accept(stream));
        }
        host.delete(resource.name(), incarnation);
    }

    /// Has every deletion told, on the thread that deletes; not to be kept waiting.
    public void whenDeleted(Consumer<Stream> listener) {
        deletionListeners.add(listener);
    }

    @Override
    public void completed() {
        mounts = new Mounts(open.values());
    }

    /// Now and then: forgets what nobody needs of producers, and keeps the rest for the next start.
    /// Waits; not for a shard's thread.
    public void keepProducers() {
        mounts.all().forEach(host::keepProducers);
    }

    /// Closes every stream; what waits is answered first.
    public void close() {
        open.values().forEach(host::close);
    }
}
