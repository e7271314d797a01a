package io.millrace.dispatch;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.group.Leased;
import io.millrace.group.Supply;
import io.millrace.group.Verdict;

/// An event on its way.
///
/// @param supply where it was taken from
/// @param cause what was taken
/// @param event what is delivered: the event that was taken, or what a transform made of it
/// @param alone whether it must not share a request with others, as it was in a batch that was
///   rejected
public record Parcel(Supply supply, Leased cause, Event event, boolean alone) {
    private static final int OVERHEAD_BYTES = 512;

    /// Roughly what it takes in memory and in a request.
    int bytes() {
        Bytes data = event.data();
        return OVERHEAD_BYTES + (data == null ? 0 : data.length());
    }

    void settle(Verdict verdict) {
        supply.settle(cause, verdict);
    }

    /// The same, to be tried by itself.
    Parcel byItself() {
        return new Parcel(supply, cause, event, true);
    }
}
