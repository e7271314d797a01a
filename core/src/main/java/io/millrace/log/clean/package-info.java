/// Retention and compaction of the segments of a log, beside its writer.
@NullMarked
package io.millrace.log.clean;

import org.jspecify.annotations.NullMarked;
