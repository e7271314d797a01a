/// Jobs through a queue, beside the work queues of other brokers in the same run.
@NullMarked
package io.millrace.bench.queue;

import org.jspecify.annotations.NullMarked;
