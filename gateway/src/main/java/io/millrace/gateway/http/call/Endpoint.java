package io.millrace.gateway.http.call;

import io.millrace.error.MillraceException;
import org.jspecify.annotations.Nullable;

/// Answers one kind of request. Thread-safe; called on a virtual thread, so that it may wait.
@FunctionalInterface
public interface Endpoint {
    /// @return the answer, or `null` if it has been streamed through [Call#stream]
    /// @throws MillraceException which becomes the answer
    /// @throws InterruptedException if the client has gone
    @Nullable Answer serve(Call call) throws InterruptedException;
}
