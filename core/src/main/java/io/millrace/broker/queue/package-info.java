/// The queues that are set up, at work.
@NullMarked
package io.millrace.broker.queue;

import org.jspecify.annotations.NullMarked;
