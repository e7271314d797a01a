package io.millrace.gateway.kafka.connection;

import io.millrace.log.LogRegion;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/// A region of a log's file as Netty sends it: by the system's own copying from the file to the
/// socket.
final class RegionMessage extends AbstractReferenceCounted implements FileRegion {
    private final LogRegion region;
    private long transferred;

    RegionMessage(LogRegion region) {
        this.region = region;
    }

    @Override
    public long position() {
        return 0;
    }

    // Both names of it are demanded by the interface.
    @SuppressWarnings("deprecation")
    @Override
    public long transfered() {
        return transferred;
    }

    @Override
    public long transferred() {
        return transferred;
    }

    @Override
    public long count() {
        return region.size();
    }

    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        long sent = region.transferTo(position, target);
        if (sent > 0) {
            transferred += sent;
        }
        return sent;
    }

    @Override
    protected void deallocate() {
        region.close();
    }

    @Override
    public FileRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public FileRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public FileRegion touch() {
        return this;
    }

    @Override
    public FileRegion touch(Object hint) {
        return this;
    }
}
