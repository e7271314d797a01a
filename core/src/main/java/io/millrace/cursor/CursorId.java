package io.millrace.cursor;

/// Which cursor: of one group, over one partition. All numbers are never given twice.
///
/// @param group the incarnation of the subscription or queue
/// @param stream the incarnation of the stream
public record CursorId(int group, int stream, int partition) {}
