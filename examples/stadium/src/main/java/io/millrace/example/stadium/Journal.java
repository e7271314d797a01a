package io.millrace.example.stadium;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A file of lines that only grows, and that survives its process being killed at any time: a line
/// counts once its end is written, and [#append] returns when it is on disk.
///
/// Several processes may share one; then each calls [#locked] around what must not be mixed. Within
/// a process, its user keeps threads apart.
final class Journal implements AutoCloseable {
    private final FileChannel channel;
    private long readTo;

    Journal(Path file) {
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Work on the journal.
    interface Work<T> {
        T run();
    }

    /// Works while no other process does.
    <T> T locked(Work<T> work) {
        try (var _ = channel.lock()) {
            return work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The lines that have come since the last call, whoever wrote them. The beginning of a line,
    /// which a killed process has left at the end, is cut off.
    List<String> fresh() {
        try {
            long size = channel.size();
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size - readTo));
            while (bytes.hasRemaining() && channel.read(bytes, readTo + bytes.position()) >= 0) {
                // Goes on until all of it is there.
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            int end = text.lastIndexOf('\n') + 1;
            List<String> lines = new ArrayList<>(text.substring(0, end).lines().toList());
            readTo += text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
            if (readTo < size) {
                channel.truncate(readTo);
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds a line. Everything before it must have been read.
    void append(String line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                int written = channel.write(bytes, readTo);
                readTo += written;
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
