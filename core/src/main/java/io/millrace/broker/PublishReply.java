package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.stream.Receipt;
import java.util.List;

/// Hears what became of a publish, once, on a shard's thread, so it hands over and returns.
public interface PublishReply {
    /// What was published waits to be written. Who publishes from a thread that has more to come,
    /// and a moment to spare after it, has all of it written there then: that spares two threads
    /// from waking each other. Called on the thread that publishes.
    ///
    /// @param write may be run more than once, and must be run at least once if this says so, by
    ///   any thread that holds no lock and is not interrupted
    /// @return whether it will be run
    default boolean lend(Runnable write) {
        return false;
    }

    /// Everything is stored as its streams promise.
    ///
    /// @param receipts in the order of the events
    void stored(List<Receipt> receipts);

    /// The publish is not acknowledged.
    void failed(MillraceException problem);
}
