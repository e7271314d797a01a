package io.millrace.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// An open file. Reads may come from any thread; writes, truncation and closing from one at a time.
public interface DiskFile extends Closeable {
    /// Reads into what remains of the buffer; returns the number of bytes read, or -1 at or behind
    /// the end.
    int read(ByteBuffer target, long position) throws IOException;

    /// Sends bytes to a channel, without copying them where the system can do that.
    ///
    /// @return how many bytes the channel took; 0 at the end of the file
    long transferTo(long position, long count, WritableByteChannel target) throws IOException;

    /// Writes all that remains of the buffer. After an exception any part of it may have been
    /// written.
    void write(ByteBuffer source, long position) throws IOException;

    /// Makes all completed writes durable (fdatasync). Once it has failed the state of those writes
    /// is unknown, and calling it again proves nothing.
    void flush() throws IOException;

    void truncate(long size) throws IOException;

    /// Gives back what the system may have set aside for further writes; to be called by the writer
    /// when it expects to write no more. Closing does so, too.
    default void releaseRoom() throws IOException {}

    long size() throws IOException;
}
