package io.millrace.broker;

import io.millrace.broker.catalogue.Deleted;
import io.millrace.broker.catalogue.ResourceHost;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Does nothing but note what it is told, and fails where it is told to.
final class RecordingHost<R extends Resource> implements ResourceHost<R> {
    private final ResourceKind kind;
    private final Class<R> type;
    private final List<String> calls;

    /// What is open, by name.
    final Map<String, R> open = new HashMap<>();

    /// The call that fails, such as `prepare a`.
    @Nullable String failing;

    /// @param calls where all hosts of a machine note their calls
    RecordingHost(ResourceKind kind, Class<R> type, List<String> calls) {
        this.kind = kind;
        this.type = type;
        this.calls = calls;
    }

    private void called(String verb, Resource resource, int incarnation) {
        String call = verb + " " + resource.name();
        calls.add("%s %s.%d".formatted(verb, resource.name(), incarnation));
        if (call.equals(failing)) {
            throw new MillraceException(ErrorCode.DISK_FULL, call + " fails");
        }
    }

    @Override
    public ResourceKind kind() {
        return kind;
    }

    @Override
    public Class<R> type() {
        return type;
    }

    @Override
    public void leftBehind(List<Deleted> deleted) {
        deleted.forEach(gone -> calls.add("gone %s.%d".formatted(gone.name(), gone.incarnation())));
    }

    @Override
    public void opened(R resource, int incarnation) {
        open.put(resource.name(), resource);
        called("opened", resource, incarnation);
    }

    @Override
    public void prepare(R resource, int incarnation) {
        called("prepare", resource, incarnation);
    }

    @Override
    public void discard(R resource, int incarnation) {
        called("discard", resource, incarnation);
    }

    @Override
    public void created(R resource, int incarnation) {
        called("created", resource, incarnation);
        open.put(resource.name(), resource);
    }

    @Override
    public void changed(R before, R after, int incarnation) {
        called("changed", after, incarnation);
        open.put(after.name(), after);
    }

    @Override
    public void deleted(R resource, int incarnation) {
        called("deleted", resource, incarnation);
        open.remove(resource.name());
    }
}
