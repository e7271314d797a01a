/// Streams as Flink reads them: one split for each partition.
@NullMarked
package io.millrace.query.source;

import org.jspecify.annotations.NullMarked;
