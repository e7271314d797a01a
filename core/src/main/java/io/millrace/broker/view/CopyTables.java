package io.millrace.broker.view;

import io.millrace.resource.ViewCopy;
import io.millrace.view.ViewChange;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Opens tables of databases that views are copied to. Thread-safe; the methods wait for the
/// database, and belong on a thread of their own.
///
/// What fails is an [IOException], whose message may be shown and tells no secret.
@FunctionalInterface
public interface CopyTables {
    /// Connects, and makes the table if it is not there.
    Table open(ViewCopy to) throws IOException;

    /// A table with keys, values and the times at which these became so. Used by one thread.
    interface Table extends AutoCloseable {
        /// Makes changes, all of them or none. To make them once more changes nothing.
        void write(List<ViewChange> changes) throws IOException;

        /// Some of the keys that the table has, in an order of its own.
        ///
        /// @param after only those behind this one; `null` for all
        List<String> keys(@Nullable String after, int max) throws IOException;

        @Override
        void close();
    }
}
