/// Pushing events to sinks, as far as it needs no socket: what one attempt can end in, when the
/// next one is due, how fast a sink may be pushed to, and the seam that every sink is behind.
@NullMarked
package io.millrace.delivery;

import org.jspecify.annotations.NullMarked;
