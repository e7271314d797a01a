/// Produce requests.
@NullMarked
package io.millrace.gateway.kafka.produce;

import org.jspecify.annotations.NullMarked;
