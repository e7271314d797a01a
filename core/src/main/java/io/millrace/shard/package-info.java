/// The single-writer loops: everything that changes a partition happens on its shard's one thread.
@NullMarked
package io.millrace.shard;

import org.jspecify.annotations.NullMarked;
