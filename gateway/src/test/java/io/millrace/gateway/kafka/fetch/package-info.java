/// Tests of fetches, with time and threads in hand.
@NullMarked
package io.millrace.gateway.kafka.fetch;

import org.jspecify.annotations.NullMarked;
