/// Transforms: events made from events by a JSONata expression, within bounds.
@NullMarked
package io.millrace.event.transform;

import org.jspecify.annotations.NullMarked;
