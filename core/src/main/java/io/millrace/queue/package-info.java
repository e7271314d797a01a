/// Queues of jobs: what a queue remembers beside its log and its cursors.
@NullMarked
package io.millrace.queue;

import org.jspecify.annotations.NullMarked;
