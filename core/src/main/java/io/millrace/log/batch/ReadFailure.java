package io.millrace.log.batch;

import java.io.IOException;

/// A read that the disk answered with an error, and where.
public final class ReadFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final long position;

    public ReadFailure(long position, IOException cause) {
        super("reading at position %d failed: %s".formatted(position, cause.getMessage()), cause);
        this.position = position;
    }

    public long position() {
        return position;
    }
}
