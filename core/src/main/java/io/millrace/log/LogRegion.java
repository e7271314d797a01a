package io.millrace.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Stored batches as they lie in a log's file, to be sent on as they are.
///
/// It begins with a whole batch; the last one may be cut off, as Kafka's clients expect. The bytes
/// stay what they are and the file stays open until it is closed, whatever retention does
/// meanwhile. One thread at a time.
public interface LogRegion extends AutoCloseable {
    /// Bytes in all; 0 if there was nothing to read.
    int size();

    /// All that is stored from where it begins up to this offset is in it; 0 if its bytes were cut
    /// off.
    long endOffset();

    /// Sends bytes to a channel, from the file without a copy where the system can do that.
    ///
    /// @param position from the beginning of the region
    /// @return how many bytes the channel took, at most what is left behind the position
    long transferTo(long position, WritableByteChannel target) throws IOException;

    /// Reads from a position of the region until the buffer is full or the region ends.
    void read(ByteBuffer target, int position) throws IOException;

    /// Lets the file go. May be called again.
    @Override
    void close();
}
