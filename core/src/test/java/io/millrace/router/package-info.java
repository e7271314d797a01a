/// Tests of who gets an event.
@NullMarked
package io.millrace.router;

import org.jspecify.annotations.NullMarked;
