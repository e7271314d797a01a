package io.millrace.broker;

import io.millrace.broker.Attempt.State;
import io.millrace.broker.stream.StreamSet;
import io.millrace.event.Context;
import io.millrace.resource.StreamResource;
import io.millrace.stream.Receipt;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the broker must hold, as plain lists.
final class BrokerModel {
    final TreeMap<String, ModelStream> streams = new TreeMap<>();
    final Map<String, ModelStream> latest = new HashMap<>();
    final Map<String, Attempt> attempts = new HashMap<>();

    final List<Attempt> inOrder = new ArrayList<>();

    /// Rises when a stream is deleted or a crash takes events, so that older positions say nothing.
    int life;

    /// The latest that the wall clock ever said.
    long latestMillis;

    static void check(boolean holds, String what, @Nullable Object... args) {
        if (!holds) {
            throw new AssertionError(text(what, args));
        }
    }

    static String text(String what, @Nullable Object[] args) {
        return new Formatter(Locale.ROOT).format(what, args).toString();
    }

    /// The stream of a context, or `null` if that cannot be told at this moment.
    @Nullable ModelStream of(Context context) {
        ModelStream deepest = null;
        for (ModelStream stream : streams.values()) {
            if (stream.mount.covers(context)) {
                if (stream.isChanging || stream.possible.contains(null)) {
                    return null;
                }
                if (deepest == null || deepest.mount.covers(stream.mount)) {
                    deepest = stream;
                }
            }
        }
        return deepest;
    }

    void appeared(ModelStream stream) {
        streams.put(stream.name, stream);
        latest.put(stream.name, stream);
    }

    void published(Attempt attempt) {
        attempts.put(attempt.event.id(), attempt);
        inOrder.add(attempt);
    }

    void acknowledged(List<Attempt> members, List<Receipt> receipts) {
        check(members.size() == receipts.size(), "%d receipts for %s", receipts.size(), members);
        for (int i = 0; i < members.size(); i++) {
            Attempt attempt = members.get(i);
            Receipt receipt = receipts.get(i);
            check(attempt.state == State.WAITING, "%s is answered twice", attempt);
            ModelStream target = attempt.target;
            ModelStream stream = target != null ? target : attempt.streams.get(receipt.stream());
            if (stream == null) {
                throw new AssertionError(receipt + " is in a stream that is not there");
            }
            check(stream.name.equals(receipt.stream()), "%s is in %s", attempt, receipt);
            stream.partition(receipt.partition()).acknowledged(attempt, receipt.offset());
        }
    }

    void failed(List<Attempt> members, State state) {
        for (Attempt attempt : members) {
            check(attempt.state == State.WAITING, "%s is answered twice", attempt);
            check(
                    state != State.REFUSED || attempt.place == null,
                    "%s is refused although it was read",
                    attempt);
            attempt.state = state;
        }
    }

    /// Takes note of an event that a reader was given.
    ///
    /// @return where it belongs
    ModelPartition seen(StoredEvent stored) {
        Attempt attempt = attempts.get(stored.event().id());
        if (attempt == null) {
            throw new AssertionError("nobody published " + stored);
        }
        ModelPartition known = attempt.place;
        ModelStream stream = known != null ? known.stream : attempt.streams.get(stored.stream());
        if (stream == null) {
            throw new AssertionError("no stream has " + stored);
        }
        check(stream.name.equals(stored.stream()), "%s is in %s", attempt, stored);
        ModelPartition partition = stream.partition(stored.partition());
        partition.seen(attempt, stored);
        return partition;
    }

    List<Attempt> waiting() {
        List<Attempt> waiting = new ArrayList<>();
        for (Attempt attempt : inOrder) {
            if (attempt.state == State.WAITING) {
                waiting.add(attempt);
            }
        }
        return waiting;
    }

    /// After a restart the resources are these.
    void restarted(List<StreamResource> resources) {
        Map<String, StreamResource> found = new HashMap<>();
        resources.forEach(resource -> found.put(resource.name(), resource));
        for (ModelStream stream : List.copyOf(streams.values())) {
            StreamResource now = found.remove(stream.name);
            check(
                    stream.possible.contains(now),
                    "the stream %s should be one of %s and is %s",
                    stream.name,
                    stream.possible,
                    now);
            if (now == null) {
                streams.remove(stream.name);
                life++;
            } else {
                stream.is(now);
                stream.isChanging = false;
            }
        }
        found.remove(StreamSet.SYSTEM);
        check(found.isEmpty(), "nobody set up %s", found);
    }
}
