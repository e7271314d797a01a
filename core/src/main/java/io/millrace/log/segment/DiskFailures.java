package io.millrace.log.segment;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.DiskFullException;
import io.millrace.io.DiskReadOnlyException;
import io.millrace.log.batch.ReadFailure;
import java.io.IOException;

/// What the disk's refusals are called.
public final class DiskFailures {
    private static final String MAKE_ROOM =
            ". Make room: delete a stream, keep events for less time, or enlarge the disk.";
    private static final String MAKE_WRITABLE =
            ". Find out why its disk is read-only, make it writable and start the server again.";

    private DiskFailures() {}

    /// A write, or what surrounds one, that failed; says what to do where that is known.
    public static MillraceException refused(String what, IOException failure) {
        return switch (failure) {
            case DiskFullException _ ->
                    new MillraceException(ErrorCode.DISK_FULL, what + MAKE_ROOM, failure);
            case DiskReadOnlyException _ ->
                    new MillraceException(ErrorCode.DISK_READ_ONLY, what + MAKE_WRITABLE, failure);
            case ReadFailure _ -> new MillraceException(ErrorCode.DISK_READ_FAILED, what, failure);
            default -> new MillraceException(ErrorCode.PARTITION_FAILED, what, failure);
        };
    }
}
