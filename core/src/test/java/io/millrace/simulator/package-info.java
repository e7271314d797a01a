/// A machine that is not there: a disk that tears and forgets, and a clock, driven by one seed.
@NullMarked
package io.millrace.simulator;

import org.jspecify.annotations.NullMarked;
