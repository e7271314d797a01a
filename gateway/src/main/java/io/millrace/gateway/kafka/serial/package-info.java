/// A thread on which a coordinator does everything, one after the other.
@NullMarked
package io.millrace.gateway.kafka.serial;

import org.jspecify.annotations.NullMarked;
