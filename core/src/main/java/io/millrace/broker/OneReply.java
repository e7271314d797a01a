package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.shard.Append;
import io.millrace.shard.Partition;
import io.millrace.stream.Receipt;
import java.util.List;

/// Answers the publisher of a single event.
record OneReply(PublishReply reply) implements Append.Reply {
    @Override
    public boolean lend(Runnable write) {
        return reply.lend(write);
    }

    @Override
    public void stored(Append append, long baseOffset) {
        Partition partition = append.partition();
        reply.stored(List.of(new Receipt(partition.stream(), partition.number(), baseOffset)));
    }

    @Override
    public void failed(Append append, MillraceException problem) {
        reply.failed(problem);
    }
}
