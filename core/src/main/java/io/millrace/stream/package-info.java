/// Streams and their mounts: which log an event belongs to, and how its history is read.
@NullMarked
package io.millrace.stream;

import org.jspecify.annotations.NullMarked;
