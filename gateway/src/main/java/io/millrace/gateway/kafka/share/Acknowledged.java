package io.millrace.gateway.kafka.share;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a consumer says of offsets of one partition, as both requests have it.
///
/// @param last inclusive
/// @param types one for all of them, or one for each
record Acknowledged(long first, long last, List<Byte> types) {
    static final byte GAP = 0;
    static final byte ACCEPT = 1;
    static final byte RELEASE = 2;
    static final byte REJECT = 3;
    static final byte RENEW = 4;

    /// Says what is wrong with all that is said of one partition; `null` if nothing is.
    ///
    /// @param mayRenew whether the request says that there are renewals
    static @Nullable String problem(List<Acknowledged> batches, boolean mayRenew) {
        long before = -1;
        for (Acknowledged batch : batches) {
            if (batch.first < 0 || batch.first > batch.last) {
                return "the first offset %d of a batch lies behind the last, %d"
                        .formatted(batch.first, batch.last);
            }
            if (batch.first <= before) {
                return "the batches must follow each other; offset %d is in two or out of order"
                        .formatted(batch.first);
            }
            before = batch.last;
            String wrong = batch.problem(mayRenew);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private @Nullable String problem(boolean mayRenew) {
        // A difference that does not fit is none of a list's size.
        boolean fits = types.size() == 1 || types.size() == last - first + 1;
        if (!fits) {
            return "a batch of the offsets %d to %d must have one type, or one for each; it has %d"
                    .formatted(first, last, types.size());
        }
        for (byte type : types) {
            if (type < GAP || type > RENEW || (type == RENEW && !mayRenew)) {
                return "%d is no type of acknowledgement that this request may have"
                        .formatted(type);
            }
        }
        return null;
    }

    /// Hears of offsets without a gap that have the same type.
    interface Visitor {
        /// @param last inclusive
        /// @return whether to go on
        boolean visit(long first, long last, byte type);
    }

    /// @return whether the visitor has seen all
    boolean visit(Visitor visitor) {
        if (types.size() == 1) {
            return visitor.visit(first, last, types.getFirst());
        }
        int begin = 0;
        for (int i = 1; i <= types.size(); i++) {
            if (i == types.size() || !types.get(i).equals(types.get(begin))) {
                if (!visitor.visit(first + begin, first + i - 1, types.get(begin))) {
                    return false;
                }
                begin = i;
            }
        }
        return true;
    }
}
