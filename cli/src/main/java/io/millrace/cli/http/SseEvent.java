package io.millrace.cli.http;

import org.jspecify.annotations.Nullable;

/// One server-sent event.
///
/// @param id the last id that was sent, which is a position; `null` if there never was one
/// @param event the kind, `message` unless it was named
/// @param data the data lines, joined by line feeds
public record SseEvent(@Nullable String id, String event, String data) {}
