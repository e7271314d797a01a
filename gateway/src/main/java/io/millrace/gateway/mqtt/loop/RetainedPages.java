package io.millrace.gateway.mqtt.loop;

import io.millrace.broker.Broker;
import io.millrace.event.Context;
import io.millrace.gateway.mqtt.message.TopicFilter;
import io.millrace.gateway.mqtt.session.RetainedFeed;
import io.millrace.router.Backlog;
import io.millrace.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads retained messages of a filter. Stateless; waits for the disk.
final class RetainedPages {
    private RetainedPages() {}

    /// @return where to go on; `null` if that was all
    static @Nullable Context read(
            Broker broker,
            Backlog backlog,
            Principal principal,
            TopicFilter filter,
            @Nullable Context after,
            int max,
            List<RetainedFeed.Entry> page) {
        return null;
    }
}
