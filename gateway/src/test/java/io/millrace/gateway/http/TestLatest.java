package io.millrace.gateway.http;

import io.millrace.broker.stream.ContextListing;
import io.millrace.broker.stream.Latest;
import io.millrace.broker.stream.LatestPage;
import io.millrace.broker.stream.LatestRequest;
import io.millrace.event.Context;
import io.millrace.log.Retain;
import io.millrace.security.Principal;
import io.millrace.stream.StoredEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The latest of some events, contexts in the order of their paths.
record TestLatest(Supplier<List<StoredEvent>> events) implements Latest {
    @Override
    public @Nullable StoredEvent newest(Principal principal, Context context) {
        return events.get().reversed().stream()
                .filter(event -> event.context().equals(context))
                .findFirst()
                .orElse(null);
    }

    @Override
    public ContextListing children(
            Principal principal, Context parent, int limit, @Nullable String after) {
        List<StoredEvent> all = events.get();
        StoredEvent latest = all.isEmpty() ? null : all.getLast();
        ContextListing.Child child = new ContextListing.Child("a", "/a", 0, 1, all.size(), latest);
        return new ContextListing(parent.path(), 1, List.of(child));
    }

    @Override
    public LatestPage page(Principal principal, LatestRequest request) {
        Map<String, StoredEvent> latest = new TreeMap<>();
        for (StoredEvent event : events.get()) {
            String path = event.context().path();
            if (request.retained() && event.retain() == Retain.CLEAR) {
                latest.remove(path);
            } else if (!request.retained() || event.retain() == Retain.LATEST) {
                latest.put(path, event);
            }
        }
        Context after = request.after();
        List<StoredEvent> behind =
                latest.values().stream()
                        .filter(event -> request.pattern().matches(event.context()))
                        .filter(event ->
                                after == null || event.context().path().compareTo(after.path()) > 0)
                        .toList();
        boolean isLast = behind.size() < request.limit();
        List<StoredEvent> page = isLast ? behind : behind.subList(0, request.limit());
        return new LatestPage(page, isLast ? null : page.getLast().context());
    }
}
