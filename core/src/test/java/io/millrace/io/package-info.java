/// Tests of the doors to the machine.
@NullMarked
package io.millrace.io;

import org.jspecify.annotations.NullMarked;
