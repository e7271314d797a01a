package io.millrace.group;

import io.millrace.cursor.CursorRecord;
import io.millrace.cursor.Held;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.letter.DeadLetter;
import io.millrace.stream.StoredEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Events of one cursor on their way to the dead letters: the letter is stored first, then the
/// cursor lets go. A crash in between stores it again, under the same id. Owned by the shard's
/// thread.
final class Burials {
    private static final long RETRY_MILLIS = 1_000;

    private final GroupCursor owner;
    private final Map<Long, Burial> underway = new HashMap<>(0);

    /// Why.
    record Cause(DeadLetter.Reason reason, String detail, int status) {}

    int count() {
        return underway.size();
    }

    /// Hears when it is done, with a problem or `null`.
    interface Reply {
        void done(@Nullable MillraceException problem);
    }

    private static final class Burial {
        final Cause cause;
        final @Nullable Reply reply;

        Burial(Cause cause, @Nullable Reply reply) {
            this.cause = cause;
            this.reply = reply;
        }
    }

    Burials(GroupCursor owner) {
        this.owner = owner;
    }

    /// Nothing of it matters any more.
    void clear() {
        List<Burial> all = List.copyOf(underway.values());
        underway.clear();
        for (Burial burial : all) {
            answer(
                    burial,
                    new MillraceException(
                            ErrorCode.OVERLOADED, "the position was changed meanwhile; try again"));
        }
    }

    private static void answer(Burial burial, @Nullable MillraceException problem) {
        if (burial.reply != null) {
            burial.reply.done(problem);
        }
    }

    /// Begins.
    ///
    /// @param event `null` if it has to be read first
    void begin(long offset, Cause cause, @Nullable StoredEvent event, @Nullable Reply reply) {
        // In memory only: after a crash it is a lease that has ended.
        owner.cursor().apply(new CursorRecord.Renewed(offset, Long.MAX_VALUE));
        Burial burial = new Burial(cause, reply);
        underway.put(offset, burial);
        if (event != null) {
            bury(offset, burial, event);
            return;
        }
        owner.home()
                .pump()
                .fetch(
                        owner.partition(),
                        List.of(offset),
                        found -> owner.run(() -> fetched(offset, burial, found)));
    }

    private void fetched(long offset, Burial burial, Pump.@Nullable Fetched found) {
        if (underway.get(offset) != burial) {
            return;
        }
        if (found == null || found.unreadable().contains(offset)) {
            buried(
                    offset,
                    burial,
                    new MillraceException(
                            ErrorCode.DISK_READ_FAILED,
                            "the event could not be read to make a dead letter of it; try again"));
            return;
        }
        StoredEvent event = found.events().get(offset);
        if (event == null) {
            // Gone from the log as well: there is nothing to keep.
            underway.remove(offset);
            owner.apply(new CursorRecord.Expired(offset));
            owner.whenStored(problem -> answer(burial, problem));
            return;
        }
        bury(offset, burial, event);
    }

    private void bury(long offset, Burial burial, StoredEvent event) {
        Held held = owner.cursor().held(offset);
        if (held == null) {
            underway.remove(offset);
            answer(burial, null);
            return;
        }
        var _ =
                owner.group()
                        .burying()
                        .bury(letter(burial.cause, held, event))
                        .whenComplete(
                                (_, problem) -> owner.run(() -> buried(offset, burial, problem)));
    }

    private DeadLetter letter(Cause cause, Held held, StoredEvent event) {
        GroupConfig config = owner.group().config();
        // Whatever becomes of it after a crash, one event leaves one letter; what is sent again has
        // another offset.
        String id =
                "%s.%s.%d.%d.%d"
                        .formatted(
                                config.kind().toLowerCase(java.util.Locale.ROOT),
                                config.name(),
                                owner.id().stream(),
                                event.partition(),
                                event.offset());
        return new DeadLetter(
                id,
                config.kind(),
                config.name(),
                cause.reason,
                cause.detail,
                cause.status,
                held.deliveries(),
                held.firstMillis(),
                owner.home().nowMillis(),
                event.stream(),
                event.partition(),
                event.offset(),
                0,
                event.context(),
                event.event());
    }

    private void buried(long offset, Burial burial, @Nullable Throwable failure) {
        if (underway.get(offset) != burial) {
            return;
        }
        underway.remove(offset);
        if (owner.cursor().held(offset) == null) {
            answer(burial, null);
            return;
        }
        if (failure == null) {
            owner.apply(new CursorRecord.Buried(offset));
            owner.whenStored(problem -> answer(burial, problem));
        } else {
            // It stays, and is given out again: nothing vanishes while there is no room for it.
            owner.apply(
                    new CursorRecord.Returned(
                            offset, owner.home().nowMillis() + RETRY_MILLIS, false));
            answer(burial, problem(failure));
        }
        owner.home().touch(owner);
    }

    private static MillraceException problem(Throwable failure) {
        Throwable cause =
                failure instanceof java.util.concurrent.CompletionException wrapper
                                && wrapper.getCause() != null
                        ? wrapper.getCause()
                        : failure;
        return cause instanceof MillraceException known
                ? known
                : new MillraceException(
                        ErrorCode.INTERNAL, "the dead letter was not stored: " + cause);
    }
}
