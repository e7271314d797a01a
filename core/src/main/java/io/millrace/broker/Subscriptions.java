package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.transform.TransformPreview;
import io.millrace.group.Leased;
import io.millrace.group.SettleResult;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be done with the subscriptions that are set up. Thread-safe; the methods may wait and
/// belong on a virtual thread.
///
/// Every method throws [MillraceException] with SUBSCRIPTION_NOT_FOUND if there is none of that
/// name, and FORBIDDEN.
public interface Subscriptions {
    /// Gives events to a consumer of a pull subscription.
    ///
    /// @return none if there was nothing to be had in time
    /// @throws MillraceException RESOURCE_CONFLICT if it pushes, SHUTTING_DOWN
    List<Leased> receive(Principal principal, String name, ReceiveRequest request)
            throws InterruptedException;

    /// Settles leases, each by itself.
    ///
    /// @return one result for each, in the same order
    List<SettleResult> settle(Principal principal, String name, List<SettleRequest> requests);

    /// Leases deferred events of a pull subscription by their numbers; those that are not deferred
    /// are left out, and so are those that the stream does not keep any more.
    ///
    /// @param numbers as [Leased#number] gives them
    /// @throws MillraceException RESOURCE_CONFLICT if it pushes
    List<Leased> fetchDeferred(
            Principal principal, String name, List<String> numbers, @Nullable Duration lease);

    /// Goes on reading somewhere else. What is leased or waiting is forgotten, and the ledger
    /// begins anew.
    ///
    /// @throws MillraceException OFFSET_OUT_OF_RANGE
    void seek(Principal principal, String name, Start start);

    /// Delivers nothing more until [#resume]; leases that were given can still be settled.
    void pause(Principal principal, String name);

    /// Goes on after a pause, or after a sink had been found gone.
    void resume(Principal principal, String name);

    GroupStatus status(Principal principal, String name);

    /// All, by name.
    List<GroupStatus> status(Principal principal);

    /// Why an event would be delivered, or not.
    EventExplanation explain(Principal principal, String name, Context context, Event event);

    /// Why a stored event was, will be or will not be delivered.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, PARTITION_NOT_FOUND, OFFSET_OUT_OF_RANGE
    EventExplanation explain(Principal principal, String name, Receipt position);

    /// What the subscription's transform makes of an event.
    ///
    /// @throws MillraceException RESOURCE_CONFLICT if it has none
    TransformPreview preview(Principal principal, String name, Context context, Event event);
}
