/// Segments: files of batches with their indexes, in lists, with the checkpoint that vouches for
/// them.
@NullMarked
package io.millrace.log.segment;

import org.jspecify.annotations.NullMarked;
