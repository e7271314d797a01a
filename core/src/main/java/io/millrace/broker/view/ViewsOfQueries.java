package io.millrace.broker.view;

import io.millrace.broker.query.QueryViews;
import io.millrace.event.Bytes;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ViewResource;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import io.millrace.view.ViewPage;
import io.millrace.view.ViewRange;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The views that are set up, as queries write and read them. Thread-safe.
public final class ViewsOfQueries implements QueryViews {
    private final ViewHost host;

    public ViewsOfQueries(ViewHost host) {
        this.host = host;
    }

    private HostedView found(String name) {
        HostedView found = host.find(name);
        if (found == null) {
            throw ResourceKind.VIEW.notFound(name);
        }
        return found;
    }

    @Override
    public Writer writer(String view, String query) {
        return new FeedWriter(found(view).feed(query));
    }

    /// Page by page, so that a large view is never in memory as a whole.
    @Override
    public void read(String view, BiConsumer<String, Bytes> each) {
        HostedView read = found(view);
        String after = null;
        do {
            after = readPage(read, after, each);
        } while (after != null);
    }

    /// @return the last key of the page; `null` if nothing is behind it
    private static @Nullable String readPage(
            HostedView view, @Nullable String after, BiConsumer<String, Bytes> each) {
        ViewPage page = view.table().list(ViewRange.ALL, after, ViewQuery.LIMIT_MAX, _ -> true);
        for (ViewEntry entry : page.items()) {
            each.accept(entry.key(), entry.value());
        }
        return page.next();
    }

    @Override
    public ViewResource resource(String view) {
        return found(view).resource();
    }

    @Override
    public @Nullable ViewEntry get(String view, String key) {
        return found(view).table().get(key);
    }

    @Override
    public ViewFollower follow(String view) {
        return found(view).table().follow(ViewRange.ALL, _ -> true);
    }

    @Override
    public boolean has(String view) {
        return host.find(view) != null;
    }

    /// Passes everything on.
    private record FeedWriter(ViewFeed feed) implements Writer {
        @Override
        public void upsert(String key, Bytes json, long timeMillis) {
            feed.upsert(key, json, timeMillis);
        }

        @Override
        public void delete(String key, long timeMillis) {
            feed.delete(key, timeMillis);
        }

        @Override
        public void flush() {
            feed.flush();
        }
    }
}
