/// The only doors to disk, clock, randomness and threads.
///
/// Everything else asks for one of these, so that a simulator can drive the whole broker from one
/// thread and one seed, on a disk that tears and forgets.
@NullMarked
package io.millrace.io;

import org.jspecify.annotations.NullMarked;
