/// Fetch requests and their sessions.
@NullMarked
package io.millrace.gateway.kafka.fetch;

import org.jspecify.annotations.NullMarked;
