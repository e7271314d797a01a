/// When something is due: cron, intervals and single times, without a clock or a thread of their
/// own.
@NullMarked
package io.millrace.schedule;

import org.jspecify.annotations.NullMarked;
