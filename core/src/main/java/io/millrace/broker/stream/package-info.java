/// The streams that are set up, and what is known of their contexts.
@NullMarked
package io.millrace.broker.stream;

import org.jspecify.annotations.NullMarked;
