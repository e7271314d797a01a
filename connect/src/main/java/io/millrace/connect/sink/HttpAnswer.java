package io.millrace.connect.sink;

import io.millrace.event.Bytes;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpVersion;

/// What came back for one request.
///
/// @param body as much of it as was read
record HttpAnswer(HttpVersion version, int status, MultiMap headers, Bytes body, Ending ending) {
    /// How a body ended.
    enum Ending {
        /// All of it is here.
        WHOLE,
        /// It was cut off, being larger than allowed.
        TOO_LARGE,
        /// The connection broke.
        BROKEN,
        /// It was cut off, having taken too long.
        LATE
    }

    boolean success() {
        return status / 100 == 2;
    }
}
