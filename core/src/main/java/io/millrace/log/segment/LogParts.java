package io.millrace.log.segment;

import io.millrace.io.Disk;

/// What the logs of one server share.
///
/// @param compactionBytes memory for the keys of one pass of a compaction
public record LogParts(
        Disk disk, OpenFiles openFiles, WriteBuffers buffers, Room room, int compactionBytes) {}
