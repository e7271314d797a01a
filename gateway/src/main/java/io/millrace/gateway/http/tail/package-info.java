/// Contexts followed live, as server-sent events or over a WebSocket.
@NullMarked
package io.millrace.gateway.http.tail;

import org.jspecify.annotations.NullMarked;
