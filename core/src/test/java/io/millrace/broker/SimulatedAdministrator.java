package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.broker.stream.StreamSet;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.log.Durability;
import io.millrace.resource.Cleanup;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.StreamResource;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Creates, changes and deletes streams, and holds the broker to its answers.
final class SimulatedAdministrator {
    private static final List<String> NAMES = List.of("a", "b", "c", StreamSet.DEFAULT);
    private static final List<String> MOUNTS = List.of("/a", "/a/b", "/c", "/");

    private final SimulatedServer server;
    private final Random random;
    private final boolean hasRetention;
    private final boolean hasCompaction;

    SimulatedAdministrator(SimulatedServer server) {
        this.server = server;
        this.random = server.random;
        this.hasRetention = random.nextBoolean();
        this.hasCompaction = random.nextInt(3) == 0;
    }

    private Administration administration() {
        return server.broker().administration();
    }

    void act() {
        int which = random.nextInt(NAMES.size());
        String name = NAMES.get(which);
        boolean isThere = server.model.streams.containsKey(name);
        if (isThere && !name.equals(StreamSet.DEFAULT) && random.nextInt(3) == 0) {
            delete(name);
        } else {
            put(wanted(name, Context.of(MOUNTS.get(which))));
        }
    }

    private StreamResource wanted(String name, Context mount) {
        ModelStream known = server.model.streams.get(name);
        StreamResource before = null;
        if (known != null) {
            for (StreamResource resource : known.possible) {
                before = resource == null ? before : resource;
            }
        }
        int partitions = before == null ? 1 : before.partitions();
        Cleanup cleanup =
                hasCompaction && random.nextInt(3) == 0 ? Cleanup.COMPACT : Cleanup.DELETE;
        return new StreamResource(
                name,
                mount,
                Math.min(4, partitions + (random.nextInt(3) == 0 ? 1 : 0)),
                random.nextInt(3) == 0 ? Durability.BUFFERED : Durability.SYNCED,
                hasRetention && random.nextBoolean()
                        ? Duration.ofMinutes(2 + random.nextInt(600))
                        : null,
                null,
                before == null ? cleanup : before.cleanup());
    }

    private void put(StreamResource wanted) {
        ModelStream known = server.model.streams.get(wanted.name());
        ModelStream stream = known == null ? new ModelStream(wanted, server.model.life) : known;
        if (known == null) {
            stream.is(null);
            server.model.appeared(stream);
        }
        stream.maybe(wanted);
        stream.isChanging = true;
        server.callsMayFlush = true;
        server.note("put %s", wanted);
        try {
            ApplyResult result = administration().put(Principal.LOCAL, wanted, Precondition.NONE);
            server.note("%s %s", result.outcome(), stream);
            stream.is(wanted);
            stream.routes.clear();
            server.broker().status(Principal.LOCAL, wanted.name()).partitions().stream()
                    .filter(partition -> partition.failure() != null)
                    .forEach(p -> stream.partition(p.partition()).isStuck = true);
            check(
                    administration().stream(Principal.LOCAL, wanted.name()).equals(wanted),
                    "%s is not there",
                    wanted);
        } catch (MillraceException e) {
            failed(stream, e);
            if (known == null && stream.possible.size() == 1) {
                server.model.streams.remove(wanted.name());
            }
        }
        stream.isChanging = false;
        server.callsMayFlush = false;
    }

    private void failed(ModelStream stream, MillraceException e) {
        server.note("%s was not changed: %s", stream, e.getMessage());
        if (SimulatedPublisher.saysNothingWasRecorded(e) || isConflict(e)) {
            stream.isNot();
        }
        check(
                isConflict(e)
                        || server.isToBlame(StreamSet.SYSTEM, null)
                        || server.isToBlame(stream.name, null),
                "changing %s failed although the disk works: %s",
                stream,
                e);
    }

    /// An earlier change was recorded, or not, unlike the model had to think.
    private static boolean isConflict(MillraceException e) {
        return e.code() == ErrorCode.RESOURCE_CONFLICT || e.code() == ErrorCode.OVERLOADED;
    }

    private void delete(String name) {
        ModelStream stream = server.model.streams.get(name);
        if (stream == null) {
            return;
        }
        stream.maybe(null);
        stream.isChanging = true;
        server.callsMayFlush = true;
        server.note("delete %s", stream);
        try {
            administration().delete(Principal.LOCAL, ResourceKind.STREAM, name, Precondition.NONE);
            server.note("deleted %s", stream);
            server.model.streams.remove(name);
            server.model.life++;
            checkAnswered(stream);
        } catch (MillraceException e) {
            boolean isUnknown = e.code() == ErrorCode.STREAM_NOT_FOUND;
            check(!isUnknown || isDoubtful(stream), "%s is not there", stream);
            if (isUnknown) {
                stream.isNot();
            } else {
                failed(stream, e);
            }
        }
        stream.isChanging = false;
        server.callsMayFlush = false;
    }

    private static boolean isDoubtful(ModelStream stream) {
        return stream.possible.stream().filter(java.util.Objects::isNull).count() > 1;
    }

    private void checkAnswered(@Nullable ModelStream stream) {
        for (Attempt attempt : server.model.waiting()) {
            check(
                    attempt.target == null || attempt.target != stream || !attempt.isAlone,
                    "%s is gone and %s waits",
                    stream,
                    attempt);
        }
    }
}
