package io.millrace.shard;

import io.millrace.error.MillraceException;
import org.jspecify.annotations.Nullable;

/// The flusher's report about one partition.
final class Flushed extends Command {
    final Partition partition;
    final @Nullable MillraceException problem;

    Flushed(Partition partition, @Nullable MillraceException problem) {
        this.partition = partition;
        this.problem = problem;
    }

    @Override
    int bytes() {
        return 0;
    }
}
