package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.broker.Attempt.State;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/// Publishes events, single and in batches, and holds the broker to its answers.
final class SimulatedPublisher {
    private static final List<String> CONTEXTS =
            List.of("/", "/a", "/a/x", "/a/y", "/a/b", "/a/b/z", "/c/1", "/c/2", "/d/e/f", "/d");

    private final SimulatedServer server;
    private final Random random;

    SimulatedPublisher(SimulatedServer server) {
        this.server = server;
        this.random = server.random;
    }

    void publish() {
        int publish = server.publishes++;
        int count = random.nextInt(3) > 0 ? 1 : 2 + random.nextInt(5);
        boolean isOneContext = random.nextBoolean();
        String context = CONTEXTS.get(random.nextInt(CONTEXTS.size()));
        List<Attempt> members = new ArrayList<>();
        List<Publication> publications = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String path = isOneContext ? context : CONTEXTS.get(random.nextInt(CONTEXTS.size()));
            Event event = event(publish + "." + i);
            ModelStream target = server.model.of(Context.of(path));
            Attempt attempt =
                    new Attempt(
                            event,
                            Context.of(path),
                            publish,
                            count == 1,
                            target,
                            server.model.latest);
            members.add(attempt);
            publications.add(new Publication(path, event));
            server.model.published(attempt);
        }
        try {
            List<Runnable> writes = new ArrayList<>();
            boolean lends = random.nextInt(3) == 0;
            server.broker()
                    .publish(
                            Principal.LOCAL,
                            publications,
                            reply(members, write -> lends && writes.add(write)));
            server.note("publish %s", members);
            writes.forEach(Runnable::run);
        } catch (MillraceException e) {
            server.note("publish refused: %s", e.getMessage());
            check(
                    e.code() == ErrorCode.OVERLOADED || e.code() == ErrorCode.EVENT_TOO_LARGE,
                    "publishing failed: %s",
                    e);
            server.model.failed(members, State.REFUSED);
        }
    }

    private Event event(String id) {
        EventBuilder builder = Event.builder().id(id).source("/simulation").type("t");
        if (random.nextInt(8) > 0) {
            int size = random.nextInt(random.nextInt(12) == 0 ? 1700 : 150);
            builder.data(Bytes.utf8(id + "x".repeat(size)));
        }
        if (random.nextInt(6) == 0) {
            builder.extension("partitionkey", "key" + random.nextInt(5));
        }
        return builder.build();
    }

    private PublishReply reply(List<Attempt> members, Predicate<Runnable> lending) {
        return new PublishReply() {
            @Override
            public boolean lend(Runnable write) {
                return lending.test(write);
            }

            @Override
            public void stored(List<Receipt> receipts) {
                server.note("stored %s", receipts);
                server.model.acknowledged(members, receipts);
            }

            @Override
            public void failed(MillraceException problem) {
                server.note("failed %s: %s", members, problem.getMessage());
                checkBlame(members, problem);
                boolean isRefused = saysNothingWasRecorded(problem);
                server.model.failed(members, isRefused ? State.REFUSED : State.UNKNOWN);
            }
        };
    }

    /// Whether the answer to a publish or to a change of a resource means that nothing has changed.
    static boolean saysNothingWasRecorded(MillraceException problem) {
        String text = String.valueOf(problem.getMessage());
        if (text.contains("events are recorded; send the batch again")) {
            return false;
        }
        return switch (problem.code()) {
            case DISK_FULL, DISK_READ_ONLY -> true;
            case SHUTTING_DOWN -> text.contains("was closed; try again");
            default -> text.contains("Nothing was recorded");
        };
    }

    /// A publish fails only if something is wrong with a stream that it goes to.
    private void checkBlame(List<Attempt> members, MillraceException problem) {
        for (Attempt attempt : members) {
            ModelStream target = attempt.target;
            boolean mayFail =
                    target == null
                            || (problem.code() == ErrorCode.SHUTTING_DOWN
                                    && (target.isChanging
                                            || server.model.streams.get(target.name) != target))
                            || server.isToBlame(target.name, null);
            if (mayFail) {
                return;
            }
        }
        check(false, "%s failed although its disk works: %s", members, problem);
    }
}
