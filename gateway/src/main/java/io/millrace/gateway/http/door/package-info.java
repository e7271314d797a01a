/// What the gateway asks of the broker, and nothing else.
@NullMarked
package io.millrace.gateway.http.door;

import org.jspecify.annotations.NullMarked;
