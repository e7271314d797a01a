package io.millrace.broker.view;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;

/// How a query fills its view. Thread-safe.
///
/// What is said twice changes nothing the second time: a query may repeat itself after a restart.
/// Every method throws [MillraceException] with VIEW_FAILED if the view cannot be written,
/// VIEW_NOT_FOUND if it was deleted, RESOURCE_CONFLICT if a stream feeds it by now, SHUTTING_DOWN.
public interface ViewFeed {
    /// Puts a row.
    ///
    /// @param json a JSON object in UTF-8, which nobody may write to afterwards
    /// @param timeMillis when it became so, in milliseconds since 1970
    /// @throws MillraceException REQUEST_INVALID if the key is empty or too long
    void upsert(String key, Bytes json, long timeMillis);

    /// Removes a row; nothing happens if there is none.
    void delete(String key, long timeMillis);

    /// Returns when everything said before is on disk.
    ///
    /// @throws MillraceException VIEW_FAILED also if something said since the last flush was lost:
    ///   the query has to go back to what it knows to be flushed and say the rest again
    void flush();
}
