package io.millrace.broker.view;

import io.millrace.error.MillraceException;
import io.millrace.security.Principal;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewFollower;
import io.millrace.view.ViewPage;
import io.millrace.view.ViewRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be done with the views that are set up. Thread-safe; the methods may wait for the disk
/// and belong on a virtual thread.
///
/// Every method throws [MillraceException] with VIEW_NOT_FOUND if there is none of that name,
/// FORBIDDEN, and VIEW_FAILED if it cannot be read.
public interface Views {
    /// What a view holds for a key; `null` for nothing.
    @Nullable ViewEntry get(Principal principal, String name, String key);

    /// A page of what it holds, in the order of the keys.
    ///
    /// @throws MillraceException REQUEST_INVALID if a filter is none
    ViewPage list(Principal principal, String name, ViewQuery query);

    /// Follows it: what it holds first, then every change. To be closed.
    ///
    /// @param filters as for a query
    /// @throws MillraceException OVERLOADED if too many follow it, REQUEST_INVALID
    ViewFollower follow(Principal principal, String name, ViewRange range, List<String> filters);

    /// Waits until a key holds something else than what has that tag.
    ///
    /// @param etag `null` for nothing
    /// @return what it holds then, or when the time is over; `null` for nothing
    @Nullable ViewEntry waitForChange(
            Principal principal, String name, String key, @Nullable String etag, Duration timeMax)
            throws InterruptedException;

    /// What it held at a time, by that at which events were recorded, computed again from the log.
    ///
    /// @return `null` for nothing
    /// @throws MillraceException VIEW_PAST_UNKNOWN if the log does not reach back so far, or if the
    ///   query that feeds it cannot tell
    @Nullable ViewEntry asOf(Principal principal, String name, String key, Instant time);

    ViewStatus status(Principal principal, String name);

    /// All, by name.
    List<ViewStatus> status(Principal principal);

    /// Where a query puts its rows.
    ///
    /// @param query its name, for the status
    /// @throws MillraceException VIEW_NOT_FOUND; RESOURCE_CONFLICT if a stream feeds the view
    ViewFeed feed(String view, String query);

    /// The same of a query without a name.
    default ViewFeed feed(String view) {
        return feed(view, "");
    }

    /// Says who computes what views of queries held at a time; before the first request.
    void computePast(AsOf asOf);
}
