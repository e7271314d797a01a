package io.millrace.query.source;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which types of events a table wants, decided on the record's bytes. Immutable.
final class TypeFilter {
    private final List<Bytes> exact = new ArrayList<>();
    private final List<Bytes> prefixes = new ArrayList<>();

    /// @param types exact, or a prefix if it ends in `*`; empty for any
    TypeFilter(List<String> types) {
        for (String type : types) {
            if (type.endsWith("*")) {
                prefixes.add(Bytes.utf8(type.substring(0, type.length() - 1)));
            } else {
                exact.add(Bytes.utf8(type));
            }
        }
    }

    /// @param decoded the event, if it had to be decoded
    boolean wants(RecordHeaders headers, @Nullable Event decoded) {
        if (exact.isEmpty() && prefixes.isEmpty()) {
            return true;
        }
        Bytes type = decoded == null ? headers.type() : Bytes.utf8(decoded.type());
        return type != null && wants(type);
    }

    private boolean wants(Bytes type) {
        for (int i = 0; i < exact.size(); i++) {
            if (exact.get(i).equals(type)) {
                return true;
            }
        }
        for (Bytes prefix : prefixes) {
            if (type.length() >= prefix.length() && type.slice(0, prefix.length()).equals(prefix)) {
                return true;
            }
        }
        return false;
    }
}
