/// Tests of the broker through its front door.
@NullMarked
package io.millrace.broker;

import org.jspecify.annotations.NullMarked;
