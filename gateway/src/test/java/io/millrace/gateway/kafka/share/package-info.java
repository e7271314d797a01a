@NullMarked
package io.millrace.gateway.kafka.share;

import org.jspecify.annotations.NullMarked;
