package io.millrace.gateway.http.exchange;

import org.jspecify.annotations.Nullable;

/// Something to be done on an event loop: an answer that another thread has ready.
public abstract class Reply {
    /// The one handed over before, while both wait in a [ReplyQueue].
    @Nullable Reply below;

    /// Called on the event loop, once for each hand-over.
    protected abstract void deliver();
}
