package io.millrace.io;

import java.io.IOException;

/// The disk takes no writes: it is mounted read-only, perhaps because the system met errors on it.
public final class DiskReadOnlyException extends IOException {
    private static final long serialVersionUID = 1L;

    public DiskReadOnlyException(String message) {
        super(message);
    }

    public DiskReadOnlyException(String message, Throwable cause) {
        super(message, cause);
    }
}
