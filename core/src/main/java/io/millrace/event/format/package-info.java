/// The formats in which events travel: from bytes to [io.millrace.event.Event] and back.
@NullMarked
package io.millrace.event.format;

import org.jspecify.annotations.NullMarked;
