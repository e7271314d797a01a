package io.millrace.log.segment;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.DiskFullException;
import io.millrace.io.DiskReadOnlyException;
import io.millrace.log.batch.ReadFailure;
import java.io.IOException;

/// What the disk's refusals are called.
public final class DiskFailures {
    private DiskFailures() {}

    /// A write, or what surrounds one, that failed.
    public static MillraceException refused(String what, IOException failure) {
        ErrorCode code =
                switch (failure) {
                    case DiskFullException _ -> ErrorCode.DISK_FULL;
                    case DiskReadOnlyException _ -> ErrorCode.DISK_READ_ONLY;
                    case ReadFailure _ -> ErrorCode.DISK_READ_FAILED;
                    default -> ErrorCode.PARTITION_FAILED;
                };
        return new MillraceException(code, what, failure);
    }
}
