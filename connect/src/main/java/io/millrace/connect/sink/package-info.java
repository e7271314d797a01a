/// Pushes events to HTTP servers of other people, whatever these answer.
@NullMarked
package io.millrace.connect.sink;

import org.jspecify.annotations.NullMarked;
