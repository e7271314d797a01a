package io.millrace.broker.topic;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.security.Guard;
import io.millrace.security.Principal;

/// Who may do what with topics as a whole, by the contexts that they are mounted at. Thread-safe.
public record TopicAccess(Guard guard) {
    /// Whoever may read or write may know that a topic is there.
    public boolean mayKnow(Principal principal, Context mount) {
        if (mayWrite(principal, mount)) {
            return true;
        }
        try {
            requireRead(principal, mount);
            return true;
        } catch (MillraceException _) {
            return false;
        }
    }

    public boolean mayWrite(Principal principal, Context mount) {
        try {
            guard.publish(principal, mount);
            return true;
        } catch (MillraceException _) {
            return false;
        }
    }

    /// @throws MillraceException FORBIDDEN
    public void requireRead(Principal principal, Context mount) {
        String everything = mount.path().length() == 1 ? "/**" : mount + "/**";
        guard.read(principal, ContextPattern.of(everything));
    }
}
