/// Record batches in Kafka's format v2: written, checked, walked over and read.
@NullMarked
package io.millrace.log.batch;

import org.jspecify.annotations.NullMarked;
