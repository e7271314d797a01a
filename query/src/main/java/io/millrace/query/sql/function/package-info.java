/// Millrace's own functions for Flink SQL: contexts, anomalies, places.
///
/// Flink makes an instance of a function for each task and calls it from that task's thread only,
/// so the functions may remember what they have parsed last. What they remember is not serialized.
@NullMarked
package io.millrace.query.sql.function;

import org.jspecify.annotations.NullMarked;
