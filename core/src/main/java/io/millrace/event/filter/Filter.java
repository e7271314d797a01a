package io.millrace.event.filter;

import tools.jackson.databind.node.ObjectNode;

/// One filter of a subscription, in one of the dialects (CloudEvents Subscriptions, section
/// 3.2.4.1): `exact`, `prefix`, `suffix`, `all`, `any`, `not`, `sql`, and our own `data`.
///
/// Immutable and prepared when it is read, so that any thread may ask it; the [EventView] it is
/// asked about belongs to one thread. Read with [FilterReader].
public sealed interface Filter
        permits AttributeFilter, AllFilter, AnyFilter, NotFilter, SqlFilter, DataFilter {
    /// Whether the event passes. A filter never fails: what cannot be evaluated does not match.
    boolean matches(EventView event);

    /// The same answer as [#matches], with the reason.
    ///
    /// @param path where this filter stands, such as `filters[0]`
    Explanation explain(EventView event, String path);

    /// The filter as a document, which reads to an equal filter.
    ObjectNode toJson();
}
