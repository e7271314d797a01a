package io.millrace.view;

/// Where the event of an entry is recorded, and its context, which is no part of the event itself.
///
/// @param context the path
public record ViewOrigin(String context, String stream, int partition, long offset) {}
