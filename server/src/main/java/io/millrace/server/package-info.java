/// The process: its options, its configuration file, and the wiring of all rooms by plain
/// constructors.
@NullMarked
package io.millrace.server;

import org.jspecify.annotations.NullMarked;
