package io.millrace.security;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;

/// Lets everyone do everything except speak in the server's name: the guard of a server that
/// listens on the loopback address only.
public final class OpenGuard implements Guard {
    private static final String RESERVED = "/millrace";

    @Override
    public void publish(Principal principal, Context context) {
        String path = context.path();
        boolean reserved =
                path.startsWith(RESERVED)
                        && (path.length() == RESERVED.length()
                                || path.charAt(RESERVED.length()) == '/');
        if (reserved && !principal.equals(Principal.SERVER)) {
            throw new MillraceException(
                    ErrorCode.CONTEXT_RESERVED,
                    "context",
                    "only the server itself publishes in " + RESERVED);
        }
    }

    @Override
    public void read(Principal principal, ContextPattern pattern) {}

    @Override
    public void manage(Principal principal, String kind, String name) {}
}
