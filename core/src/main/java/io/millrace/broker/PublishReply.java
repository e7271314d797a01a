package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.stream.Receipt;
import java.util.List;

/// Hears what became of a publish, once. Called on a shard's thread, so it hands over and returns.
public interface PublishReply {
    /// Everything is stored as its streams promise.
    ///
    /// @param receipts in the order of the events
    void stored(List<Receipt> receipts);

    /// The publish is not acknowledged.
    void failed(MillraceException problem);
}
