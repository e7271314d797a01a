/// What a client may ask for.
@NullMarked
package io.millrace.gateway.kafka.versions;

import org.jspecify.annotations.NullMarked;
