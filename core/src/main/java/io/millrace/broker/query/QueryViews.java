package io.millrace.broker.query;

import io.millrace.event.Bytes;
import io.millrace.resource.ViewResource;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Views as queries write and read them. Thread-safe.
public interface QueryViews {
    /// The view to write to.
    ///
    /// @param query whose rows they are, for the status of the view; empty if it has no name
    /// @throws io.millrace.error.MillraceException VIEW_NOT_FOUND, RESOURCE_CONFLICT if it is not
    ///   filled by queries
    Writer writer(String view, String query);

    /// The same for a query without a name.
    default Writer writer(String view) {
        return writer(view, "");
    }

    /// Hands over everything that a view holds: keys with their JSON.
    ///
    /// @throws io.millrace.error.MillraceException VIEW_NOT_FOUND
    void read(String view, BiConsumer<String, Bytes> each);

    /// How a view is set up.
    ///
    /// @throws io.millrace.error.MillraceException VIEW_NOT_FOUND
    ViewResource resource(String view);

    /// What a view holds for a key; `null` for nothing.
    ///
    /// @throws io.millrace.error.MillraceException VIEW_NOT_FOUND, VIEW_FAILED
    @Nullable ViewEntry get(String view, String key);

    /// Follows a view: what it holds, then every change. To be closed.
    ///
    /// @throws io.millrace.error.MillraceException VIEW_NOT_FOUND, OVERLOADED if too many do
    ViewFollower follow(String view);

    /// Whether there is a view of that name.
    boolean has(String view);

    /// Writes rows of one query. Owned by one thread.
    interface Writer {
        /// @param json the row; the same again changes nothing
        void upsert(String key, Bytes json, long timeMillis);

        void delete(String key, long timeMillis);

        /// Returns when everything before is on disk.
        void flush();

        /// Writes no more.
        default void close() {
            // The view stays open.
        }
    }

    /// For a broker without views.
    QueryViews NONE =
            new QueryViews() {
                @Override
                public Writer writer(String view, String query) {
                    throw new IllegalStateException("there are no views");
                }

                @Override
                public void read(String view, BiConsumer<String, Bytes> each) {
                    throw new IllegalStateException("there are no views");
                }

                @Override
                public ViewResource resource(String view) {
                    throw new IllegalStateException("there are no views");
                }

                @Override
                public @Nullable ViewEntry get(String view, String key) {
                    throw new IllegalStateException("there are no views");
                }

                @Override
                public ViewFollower follow(String view) {
                    throw new IllegalStateException("there are no views");
                }

                @Override
                public boolean has(String view) {
                    return false;
                }
            };
}
