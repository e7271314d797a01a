package io.millrace.io;

import java.io.IOException;

/// There is no room for what was to be written: the disk or the user's share of it is full.
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    public DiskFullException(String message) {
        super(message);
    }

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
