package io.millrace.broker.stream;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.io.Threading;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.stream.ContextNode;
import io.millrace.stream.ContextTable;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The [Latest] events, found by walking over the tree of contexts. Thread-safe.
public final class HostedLatest implements Latest {
    /// What a page may take, about, besides its last event.
    private static final long PAGE_BYTES_MAX = 8 << 20;

    private final Guard guard;
    private final ContextTable contexts;
    private final ContextReading reading;
    private final ContextKeeper keeper;
    private final Threading threading;

    public HostedLatest(
            Guard guard,
            ContextTable contexts,
            ContextReading reading,
            ContextKeeper keeper,
            Threading threading) {
        this.guard = guard;
        this.contexts = contexts;
        this.reading = reading;
        this.keeper = keeper;
        this.threading = threading;
    }

    @Override
    public @Nullable StoredEvent newest(Principal principal, Context context) {
        guard.read(principal, ContextPattern.of(context.path()));
        return reading.latest(context);
    }

    @Override
    public ContextListing children(
            Principal principal, Context parent, int limit, @Nullable String after) {
        String all = parent.path().length() == 1 ? "/**" : parent + "/**";
        guard.read(principal, ContextPattern.of(all));
        return reading.list(parent, limit, after);
    }

    @Override
    public LatestPage page(Principal principal, LatestRequest request) {
        guard.read(principal, request.pattern());
        if (keeper.isLoading()) {
            boolean _ = threading.await(keeper.loaded());
        }
        Context after = request.after();
        while (true) {
            List<EventsInPlace.Wanted> wanted = known(request, after);
            if (wanted.isEmpty()) {
                return new LatestPage(List.of(), null);
            }
            List<StoredEvent> events = new ArrayList<>();
            int taken = 0;
            for (StoredEvent event : reading.events().all(wanted, PAGE_BYTES_MAX)) {
                taken++;
                if (event != null) {
                    events.add(event);
                }
            }
            boolean isLast = taken == wanted.size() && taken < request.limit();
            after = wanted.get(taken - 1).context();
            if (isLast || !events.isEmpty()) {
                return new LatestPage(events, isLast ? null : after);
            }
        }
    }

    private List<EventsInPlace.Wanted> known(LatestRequest request, @Nullable Context after) {
        if (keeper.isStopped()) {
            throw new MillraceException(ErrorCode.SHUTTING_DOWN, "the server stops");
        }
        List<EventsInPlace.Wanted> wanted = new ArrayList<>();
        contexts.walk(
                request.pattern(),
                after,
                node -> {
                    ContextNode.Newest known = request.retained() ? node.retained() : node.newest();
                    if (known != null) {
                        wanted.add(new EventsInPlace.Wanted(node.context(), known));
                    }
                    return wanted.size() < request.limit();
                });
        return wanted;
    }
}
