package io.millrace.gateway.kafka.share;

import io.millrace.security.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/// The share groups, for whoever lists, describes and deletes groups of every type. Thread-safe.
public interface ShareDirectory {
    /// All, by id. Completes on the coordinator's thread, which must not be kept.
    CompletableFuture<List<ShareListing>> list();

    /// Whether there is a share group of that id, with members or without.
    boolean contains(String group);

    /// Deletes a group without members: what was created for it, and that it is known.
    ///
    /// @return NONE, GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP, or what deleting a subscription brought
    CompletableFuture<Errors> delete(Principal principal, String group);
}
