package io.millrace.gateway.kafka.share;

import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.wire.KafkaErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Settles what a request acknowledges.
final class Settlements {
    private Settlements() {}

    /// Hears of each partition's outcome, on any thread, one at a time for each partition.
    interface Outcome {
        void settled(SharedPartition partition, Errors error, @Nullable String message);
    }

    /// @param mayRenew whether the request says that there are renewals
    /// @return complete when the outcomes were told; never fails
    static CompletableFuture<?> settle(
            ShareMember member,
            Map<SharedPartition, List<Acknowledged>> acknowledged,
            boolean mayRenew,
            long nowMillis,
            Outcome outcome) {
        List<CompletableFuture<?>> all = new ArrayList<>(acknowledged.size());
        acknowledged.forEach((partition, batches) -> {
            String wrong = Acknowledged.problem(batches, mayRenew);
            if (wrong != null) {
                outcome.settled(partition, Errors.INVALID_REQUEST, wrong);
                return;
            }
            all.add(
                    member.settle(partition, batches, nowMillis)
                            .handle((error, problem) -> {
                                if (problem == null) {
                                    outcome.settled(partition, error, null);
                                } else {
                                    outcome.settled(
                                            partition, error(problem), problem.getMessage());
                                }
                                return true;
                            }));
        });
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /// What went wrong in Kafka's terms.
    static Errors error(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException wrapper && wrapper.getCause() != null
                        ? wrapper.getCause()
                        : problem;
        return cause instanceof MillraceException known
                ? KafkaErrors.of(known.code())
                : Errors.UNKNOWN_SERVER_ERROR;
    }
}
