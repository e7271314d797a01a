package io.millrace.gateway.mqtt.loop;

import io.millrace.broker.Broker;
import io.millrace.broker.stream.LatestPage;
import io.millrace.broker.stream.LatestRequest;
import io.millrace.event.Context;
import io.millrace.gateway.mqtt.message.TopicFilter;
import io.millrace.gateway.mqtt.session.RetainedFeed;
import io.millrace.router.Backlog;
import io.millrace.security.Principal;
import io.millrace.stream.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads retained messages of a filter. Stateless; waits for the disk.
final class RetainedPages {
    private RetainedPages() {}

    /// @param after the context to go on behind; `null` to begin
    /// @param page takes the messages
    /// @return where to go on; `null` if that was all
    static @Nullable Context read(
            Broker broker,
            Backlog backlog,
            Principal principal,
            TopicFilter filter,
            @Nullable Context after,
            int max,
            List<RetainedFeed.Entry> page) {
        LatestPage found =
                broker.latest()
                        .page(principal, new LatestRequest(filter.pattern(), true, max, after));
        for (StoredEvent event : found.events()) {
            if (filter.covers(event.context())) {
                page.add(
                        new RetainedFeed.Entry(
                                backlog.named(event.stream(), event.partition()), event));
            }
        }
        return found.next();
    }
}
