package io.millrace.broker.letter;

import io.millrace.error.MillraceException;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import java.util.HashMap;
import java.util.Map;

/// Whose letters a principal may see and act on, asked once for each subscription and queue. Used
/// by one thread.
public final class LetterAccess {
    private final Guard guard;
    private final Principal principal;
    private final Map<String, Boolean> known = new HashMap<>();

    public LetterAccess(Guard guard, Principal principal) {
        this.guard = guard;
        this.principal = principal;
    }

    /// @throws MillraceException FORBIDDEN
    public void require(String kind, String name) {
        guard.manage(principal, kind, name);
    }

    public boolean allows(String kind, String name) {
        return known.computeIfAbsent(
                kind + "/" + name,
                _ -> {
                    try {
                        require(kind, name);
                        return true;
                    } catch (MillraceException _) {
                        return false;
                    }
                });
    }
}
