package io.millrace.log;

import io.millrace.event.Context;

/// Where a record is stored, as far as the event that it is depends on that: a record that says
/// nothing of events gets its id, source and context from its place.
///
/// @param incarnation of the stream, see `StreamId`
/// @param mount contexts of events lie at or below it
public record EventOrigin(String stream, int incarnation, int partition, Context mount) {}
