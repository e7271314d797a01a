/// What surrounds a command: its streams, the clock, the end of the process, its failures.
@NullMarked
package io.millrace.cli.process;

import org.jspecify.annotations.NullMarked;
