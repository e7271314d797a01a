/// Queues: jobs put in, looked at, taken back, and the states of their groups.
@NullMarked
package io.millrace.gateway.http.queue;

import org.jspecify.annotations.NullMarked;
