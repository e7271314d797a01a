package io.millrace.log.segment;

import io.millrace.io.DiskFile;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file with a count of its users; closed when the last one leaves. Thread-safe.
public final class OpenFile {
    private final DiskFile file;

    /// Starts with the segment that opened it.
    private final AtomicInteger users = new AtomicInteger(1);

    public OpenFile(DiskFile file) {
        this.file = file;
    }

    public DiskFile file() {
        return file;
    }

    /// Joins the users; false if the file has been closed meanwhile.
    public boolean join() {
        int now = users.get();
        while (now > 0) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
            now = users.get();
        }
        return false;
    }

    public void leave() throws IOException {
        if (users.decrementAndGet() == 0) {
            file.close();
        }
    }

    /// Leaves where a failure means nothing: everything that had to be durable was flushed before.
    public void leaveQuietly() {
        try {
            leave();
        } catch (IOException _) {
            // see above
        }
    }
}
