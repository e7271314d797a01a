package io.millrace.gateway.kafka.transaction;

import io.millrace.gateway.kafka.serial.Serial;
import io.millrace.gateway.kafka.transaction.TransactionCoordinator.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The commands of one transactional id, in the order in which they came. A command that has to
/// wait for partitions to be told does so for a moment; then its client is asked to try again, as
/// it would be at once by Kafka. On the coordinator's thread.
final class CommandQueue {
    /// A command waits for one to two of these.
    private static final Duration ROUND = Duration.ofMillis(250);

    private static final int ROUNDS_MAX = 2;
    private static final int COMMANDS_MAX = 256;

    private final Serial serial;
    private final Runnable afterRound;
    private final Deque<Waiting> commands = new ArrayDeque<>();
    private long rounds;
    private boolean isTimed;

    /// @param round in which it came
    record Waiting(TransactionCommand command, Consumer<Outcome> reply, long round) {}

    /// @param afterRound called when commands may have waited too long
    CommandQueue(Serial serial, Runnable afterRound) {
        this.serial = serial;
        this.afterRound = afterRound;
    }

    void add(TransactionCommand command, Consumer<Outcome> reply) {
        if (commands.size() >= COMMANDS_MAX) {
            reply.accept(tryAgain());
            return;
        }
        commands.addLast(new Waiting(command, reply, rounds));
    }

    @Nullable Waiting first() {
        return commands.peekFirst();
    }

    void removeFirst() {
        commands.removeFirst();
    }

    void answerFirst(Outcome outcome) {
        commands.removeFirst().reply().accept(outcome);
    }

    /// The first command cannot be done now.
    ///
    /// @return whether it goes on waiting; if not, it has been answered
    boolean waitOn() {
        if (rounds - commands.getFirst().round() >= ROUNDS_MAX) {
            answerFirst(tryAgain());
            return false;
        }
        if (!isTimed) {
            isTimed = true;
            serial.after(ROUND, this::roundOver);
        }
        return true;
    }

    private void roundOver() {
        isTimed = false;
        rounds++;
        afterRound.run();
    }

    private static Outcome tryAgain() {
        return new Outcome(Errors.CONCURRENT_TRANSACTIONS, ProducerIdentity.NONE);
    }
}
