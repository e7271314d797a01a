package io.millrace.gateway.mqtt.store;

import io.millrace.broker.DurableTable;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.mqtt.session.ClientSession;
import io.millrace.gateway.mqtt.session.Notes;
import io.millrace.gateway.mqtt.session.Will;
import io.millrace.stream.PartitionName;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Durable sessions, two rows each: what a session is, and how far it has come. Thread-safe; a
/// session is handed in by the thread that owns it.
public final class SessionStore {
    /// Of the table.
    public static final String TABLE = "mqtt";

    private static final Logger LOG = LoggerFactory.getLogger(SessionStore.class);
    private static final String SESSION = "s/";
    private static final String PROGRESS = "p/";

    private final DurableTable table;

    public SessionStore(DurableTable table) {
        this.table = table;
    }

    /// A session that nobody is connected to, in few bytes.
    ///
    /// @param session what it is
    /// @param progress how far it has come; `null` if nothing was written yet
    /// @param isConnected whether it was connected when that was written
    /// @param endedMillis when its last connection ended
    /// @param expirySeconds how long it is kept from then on
    /// @param willDelaySeconds when its will is due, counted from then too; -1 if it has none
    public record Resting(
            Bytes session,
            @Nullable Bytes progress,
            boolean isConnected,
            long endedMillis,
            long expirySeconds,
            long willDelaySeconds) {
        /// Whether its time is over.
        public boolean isExpired(long nowMillis) {
            return expirySeconds != ClientSession.NEVER
                    && nowMillis - endedMillis >= 1000 * expirySeconds;
        }

        /// The same as if its connection had ended just now.
        public Resting endedAt(long nowMillis) {
            return new Resting(
                    session, progress, false, nowMillis, expirySeconds, willDelaySeconds);
        }

        /// The session itself.
        ///
        /// @throws MillraceException INTERNAL if the rows cannot be read
        public ClientSession wake(String clientId) {
            try {
                ClientSession awake = SessionCodec.decode(clientId, session).session();
                awake.kept();
                if (progress != null) {
                    ProgressCodec.decode(awake, progress);
                }
                return awake;
            } catch (UncheckedIOException | IllegalArgumentException e) {
                throw new MillraceException(
                        ErrorCode.INTERNAL,
                        "the session of %s cannot be read".formatted(clientId),
                        e);
            }
        }
    }

    /// All sessions that are there, by client identifier. Waits for the disk.
    public Map<String, Resting> load() {
        Map<String, Bytes> sessions = new HashMap<>();
        Map<String, Bytes> progress = new HashMap<>();
        table.forEach((key, value) -> {
            Bytes own = Bytes.wrap(value.toArray());
            if (key.startsWith(SESSION)) {
                sessions.put(key.substring(SESSION.length()), own);
            } else if (key.startsWith(PROGRESS)) {
                progress.put(key.substring(PROGRESS.length()), own);
            }
        });
        Map<String, Resting> all = new HashMap<>();
        sessions.forEach((clientId, row) -> {
            try {
                SessionCodec.Stored stored = SessionCodec.decode(clientId, row);
                Bytes far = progress.get(clientId);
                all.put(
                        clientId,
                        resting(
                                stored.session(),
                                row,
                                far,
                                stored.isConnected(),
                                stored.endedMillis()));
            } catch (UncheckedIOException | IllegalArgumentException | MillraceException e) {
                LOG.warn("The session of {} cannot be read and is left out", clientId, e);
            }
        });
        return all;
    }

    private static Resting resting(
            ClientSession session,
            Bytes row,
            @Nullable Bytes progress,
            boolean isConnected,
            long endedMillis) {
        Will will = session.will();
        return new Resting(
                row,
                progress,
                isConnected,
                endedMillis,
                session.expirySeconds(),
                will == null ? -1 : will.delaySeconds());
    }

    /// Writes down what a session is that somebody is connected to, and how far it has come.
    ///
    /// @param loop where `done` is called
    public void keep(
            ClientSession session,
            Map<PartitionName, Long> places,
            long nowMillis,
            Executor loop,
            Notes.Done done) {
        session.kept();
        Bytes row = SessionCodec.encode(session, true, nowMillis);
        Bytes progress = ProgressCodec.encode(session, places);
        write(
                List.of(
                        new DurableTable.Change(SESSION + session.clientId(), row),
                        new DurableTable.Change(PROGRESS + session.clientId(), progress)),
                loop,
                done);
    }

    /// Writes down how far a session has come.
    public void note(
            ClientSession session,
            Map<PartitionName, Long> places,
            Executor loop,
            Notes.Done done) {
        Bytes row = ProgressCodec.encode(session, places);
        write(List.of(new DurableTable.Change(PROGRESS + session.clientId(), row)), loop, done);
    }

    /// Writes down a session that its connection has left.
    ///
    /// @param loop where `done` is called
    public Resting rest(ClientSession session, long endedMillis, Executor loop, Notes.Done done) {
        Bytes row = SessionCodec.encode(session, false, endedMillis);
        Bytes progress = ProgressCodec.encode(session, session.places());
        write(
                List.of(
                        new DurableTable.Change(SESSION + session.clientId(), row),
                        new DurableTable.Change(PROGRESS + session.clientId(), progress)),
                loop,
                done);
        return resting(session, row, progress, false, endedMillis);
    }

    /// Forgets a session.
    public void forget(String clientId, Executor loop, Notes.Done done) {
        write(
                List.of(
                        new DurableTable.Change(SESSION + clientId, null),
                        new DurableTable.Change(PROGRESS + clientId, null)),
                loop,
                done);
    }

    private void write(List<DurableTable.Change> changes, Executor loop, Notes.Done done) {
        CompletableFuture<@Nullable Void> written = table.write(changes);
        var _ =
                written.whenComplete((_, problem) -> {
                    MillraceException known = problem == null ? null : known(problem);
                    loop.execute(() -> done.done(known));
                });
    }

    private static MillraceException known(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null
                        ? problem.getCause()
                        : problem;
        return cause instanceof MillraceException known
                ? known
                : new MillraceException(ErrorCode.INTERNAL, "a session cannot be kept", cause);
    }
}
