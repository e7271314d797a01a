/// The partition log: segments of Kafka's record batch v2, their indexes, recovery, retention and
/// compaction.
@NullMarked
package io.millrace.log;

import org.jspecify.annotations.NullMarked;
