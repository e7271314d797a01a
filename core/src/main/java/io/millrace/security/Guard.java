package io.millrace.security;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;

/// Decides whether a principal may do what it asks for. Every request passes one. Thread-safe; on
/// the hot path.
///
/// Each method returns if it may and throws a [MillraceException] with FORBIDDEN or
/// CONTEXT_RESERVED if not.
public interface Guard {
    void publish(Principal principal, Context context);

    void read(Principal principal, ContextPattern pattern);

    /// @param kind such as `Stream`
    void manage(Principal principal, String kind, String name);
}
