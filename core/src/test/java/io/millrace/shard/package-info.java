/// Tests of the single-writer loops.
@NullMarked
package io.millrace.shard;

import org.jspecify.annotations.NullMarked;
