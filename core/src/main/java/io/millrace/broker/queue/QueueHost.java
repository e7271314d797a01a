package io.millrace.broker.queue;

import io.millrace.broker.catalogue.ResourceHost;
import io.millrace.resource.QueueResource;
import io.millrace.resource.ResourceKind;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The queues that are set up. What changes them belongs to whoever holds the lock of the
/// resources; the rest is for every thread.
public final class QueueHost implements ResourceHost<QueueResource> {
    private final HostedQueue.Means means;
    private final Runnable first;
    private final Map<String, HostedQueue> open = new ConcurrentHashMap<>();
    private final Map<Integer, HostedQueue> prepared = new ConcurrentHashMap<>();

    public QueueHost(HostedQueue.Means means, Runnable first) {
        this.means = means;
        this.first = first;
    }

    /// One that is there, or `null`.
    public @Nullable HostedQueue find(String name) {
        return open.get(name);
    }

    /// All, by name.
    public List<HostedQueue> all() {
        return open.values().stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.QUEUE;
    }

    @Override
    public Class<QueueResource> type() {
        return QueueResource.class;
    }

    @Override
    public Collection<Integer> incarnations() throws IOException {
        return means.lanes().incarnations();
    }

    @Override
    public void opened(QueueResource resource, int incarnation) {
        first.run();
        HostedQueue queue = new HostedQueue(resource, incarnation, means);
        queue.open();
        open.put(resource.name(), queue);
    }

    @Override
    public void prepare(QueueResource resource, int incarnation) {
        first.run();
        HostedQueue queue = new HostedQueue(resource, incarnation, means);
        prepared.put(incarnation, queue);
        queue.open();
    }

    @Override
    public void discard(QueueResource resource, int incarnation) {
        HostedQueue queue = prepared.remove(incarnation);
        if (queue != null) {
            queue.delete();
        }
    }

    @Override
    public void created(QueueResource resource, int incarnation) {
        HostedQueue queue = prepared.remove(incarnation);
        if (queue == null) {
            throw new IllegalStateException(resource.name() + " was not prepared");
        }
        open.put(resource.name(), queue);
    }

    @Override
    public void changed(QueueResource before, QueueResource after, int incarnation) {
        HostedQueue queue = open.get(after.name());
        if (queue != null) {
            queue.change(after);
        }
    }

    @Override
    public void deleted(QueueResource resource, int incarnation) {
        HostedQueue queue = open.remove(resource.name());
        if (queue != null) {
            queue.delete();
        }
    }

    public void tidy() {
        open.values().forEach(HostedQueue::tidy);
    }

    /// Ends every wait.
    public void close() {
        open.values().forEach(HostedQueue::close);
    }
}
