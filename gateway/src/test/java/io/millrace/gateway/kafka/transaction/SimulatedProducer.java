package io.millrace.gateway.kafka.transaction;

import io.millrace.gateway.kafka.transaction.TransactionCommand.End;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Initialize;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Join;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Verify;
import io.millrace.gateway.kafka.transaction.TransactionCoordinator.Outcome;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.Errors;

/// A client that runs one transaction after the other, loses answers, and asks again.
final class SimulatedProducer {
    private static final int TIMEOUT_MILLIS = 5_000;

    private enum Step {
        INITIALIZING,
        READY,
        JOINING,
        WRITING,
        ENDING,
        RENEWING,
        DEAD
    }

    private final TransactionSimulation world;
    private final Random random;
    private final String id;
    private final String name;
    private final boolean bumpsEpoch;

    private Step step = Step.INITIALIZING;
    private ProducerIdentity identity = ProducerIdentity.NONE;
    private boolean isAsking;
    private int transactions;
    private PartitionName target = new PartitionName("a", 0);
    private boolean isCommit;
    private boolean hasWritten;

    SimulatedProducer(TransactionSimulation world, Random random, String id, String name) {
        this.world = world;
        this.random = random;
        this.id = id;
        this.name = name;
        this.bumpsEpoch = random.nextBoolean();
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    boolean isDead() {
        return step == Step.DEAD;
    }

    /// The coordinator is gone with all that was asked.
    void connectionLost() {
        isAsking = false;
    }

    private String transaction() {
        return name + "#" + transactions;
    }

    void act() {
        if (isAsking) {
            return;
        }
        switch (step) {
            case INITIALIZING -> ask(new Initialize(TIMEOUT_MILLIS, ProducerIdentity.NONE));
            case READY -> {
                if (random.nextInt(8) == 0) {
                    step = Step.RENEWING;
                } else {
                    transactions++;
                    hasWritten = false;
                    target = world.somePartition();
                    step = bumpsEpoch ? Step.WRITING : Step.JOINING;
                }
            }
            case RENEWING -> ask(new Initialize(TIMEOUT_MILLIS, identity));
            case JOINING -> ask(new Join(identity, targets(), random.nextInt(4) == 0));
            case WRITING ->
                    ask(
                            bumpsEpoch
                                    ? new Join(identity, targets(), false)
                                    : new Verify(identity, targets(), false));
            case ENDING -> ask(new End(identity, isCommit, bumpsEpoch));
            case DEAD -> {}
        }
    }

    private TreeSet<PartitionName> targets() {
        TreeSet<PartitionName> targets = new TreeSet<>();
        targets.add(target);
        return targets;
    }

    private void ask(TransactionCommand command) {
        isAsking = true;
        boolean isLost = random.nextInt(10) == 0;
        world.submit(this, command, outcome -> answered(command, outcome, isLost));
    }

    private void answered(TransactionCommand command, Outcome outcome, boolean isLost) {
        world.decided(this, command, outcome);
        // What the server does with the answer is done though the client does not hear of it.
        if (outcome.error() == Errors.NONE && step == Step.WRITING) {
            world.append(this, identity, transaction(), target);
        }
        isAsking = false;
        if (isLost) {
            return;
        }
        switch (outcome.error()) {
            case NONE -> succeeded(command, outcome);
            case CONCURRENT_TRANSACTIONS, COORDINATOR_NOT_AVAILABLE -> {}
            case TRANSACTION_ABORTABLE -> decide(false);
            case INVALID_TXN_STATE -> step = random.nextBoolean() ? Step.RENEWING : Step.DEAD;
            default -> step = Step.DEAD;
        }
    }

    private void succeeded(TransactionCommand command, Outcome outcome) {
        switch (command) {
            case Initialize _ -> {
                identity = outcome.producer();
                step = Step.READY;
            }
            case Join _ when step == Step.JOINING -> step = Step.WRITING;
            case Join _ -> written();
            case Verify _ -> written();
            case End _ -> {
                world.told(transaction(), isCommit);
                identity = outcome.producer();
                step = Step.READY;
            }
            case TransactionCommand.TimeOut _ -> throw new IllegalStateException();
        }
    }

    private void written() {
        hasWritten = true;
        if (random.nextInt(3) > 0) {
            target = world.somePartition();
            step = bumpsEpoch ? Step.WRITING : Step.JOINING;
        } else {
            decide(random.nextInt(3) > 0);
        }
    }

    private void decide(boolean commit) {
        isCommit = commit && hasWritten;
        step = Step.ENDING;
    }
}
