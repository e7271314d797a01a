package io.millrace.broker;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.shard.Append;
import io.millrace.shard.Partition;
import io.millrace.stream.Receipt;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers the publisher of a batch when the last of its parts is decided. Parts may be decided on
/// several shards' threads.
final class ManyReply {
    private final PublishReply reply;
    private final Receipt[] receipts;
    private int open;
    private int stored;
    private @Nullable MillraceException problem;

    /// @param receipts one place for each event, to be filled
    /// @param parts how many appends the batch was split into
    ManyReply(PublishReply reply, Receipt[] receipts, int parts) {
        this.reply = reply;
        this.receipts = receipts;
        this.open = parts;
    }

    /// The reply of one append.
    ///
    /// @param indices which events of the batch it holds, in their order
    Append.Reply part(List<Integer> indices) {
        return new Append.Reply() {
            @Override
            public boolean lend(Runnable write) {
                return reply.lend(write);
            }

            @Override
            public void stored(Append append, long baseOffset) {
                Partition partition = append.partition();
                long offset = baseOffset;
                Receipt[] part = new Receipt[indices.size()];
                for (int i = 0; i < part.length; i++) {
                    part[i] = new Receipt(partition.stream(), partition.number(), offset++);
                }
                decided(indices, part, null);
            }

            @Override
            public void failed(Append append, MillraceException e) {
                decided(indices, new Receipt[0], e);
            }
        };
    }

    private void decided(List<Integer> indices, Receipt[] part, @Nullable MillraceException e) {
        synchronized (this) {
            for (int i = 0; i < part.length; i++) {
                receipts[indices.get(i)] = part[i];
            }
            stored += part.length;
            problem = graver(problem, e);
            if (--open > 0) {
                return;
            }
        }
        if (problem == null) {
            reply.stored(Arrays.asList(receipts));
        } else {
            reply.failed(stored == 0 ? problem : inPart(problem));
        }
    }

    /// A partition that failed may hold its part nevertheless, so what others say, that nothing was
    /// recorded, does not hold for the batch.
    private static @Nullable MillraceException graver(
            @Nullable MillraceException known, @Nullable MillraceException other) {
        boolean isGraver = other != null && other.code() == ErrorCode.PARTITION_FAILED;
        return known == null || isGraver ? other : known;
    }

    private MillraceException inPart(MillraceException failure) {
        return new MillraceException(
                failure.code(),
                "%d of the %d events are recorded; send the batch again. Of the others: %s"
                        .formatted(stored, receipts.length, failure.problems().getFirst().detail()),
                failure);
    }
}
