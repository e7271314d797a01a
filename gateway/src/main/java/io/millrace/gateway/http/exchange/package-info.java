/// One request from its head to its answer, on the event loop that owns it, within limits of size,
/// memory and time.
@NullMarked
package io.millrace.gateway.http.exchange;

import org.jspecify.annotations.NullMarked;
