package io.millrace.shard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Many threads put, one takes everything at once.
///
/// A stack of links that the taker turns around: a put is one compare-and-set, a take one exchange
/// however much waits, which is just what group commit wants.
final class Inbox {
    private static final VarHandle TOP;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(Inbox.class, "top", Command.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Command top;

    void put(Command command) {
        Command before;
        do {
            before = top;
            command.next = before;
        } while (!TOP.compareAndSet(this, before, command));
    }

    boolean isEmpty() {
        return top == null;
    }

    /// Takes all commands; they are linked in the order in which they were put.
    @Nullable Command takeAll() {
        Command command = (Command) TOP.getAndSet(this, null);
        Command first = null;
        while (command != null) {
            Command earlier = command.next;
            command.next = first;
            first = command;
            command = earlier;
        }
        return first;
    }
}
