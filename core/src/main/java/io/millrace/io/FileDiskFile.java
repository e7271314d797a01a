package io.millrace.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file of the machine, with one channel for writing and one for reading, each opened when it is
/// first needed.
///
/// They are two because Java closes a channel when a thread that uses it is interrupted: an
/// interrupted reader must not take the file away from its writer. The writer itself must not be
/// interrupted; if it is, its write or flush fails.
final class FileDiskFile implements DiskFile {
    /// Files up to here get their blocks as they grow.
    private static final long SMALL_BYTES = 1 << 20;

    private static final long RESERVED_BYTES_MAX = 16 << 20;

    private final Path path;
    private final @Nullable FileBlocks blocks;
    private final Object opening = new Object();
    private volatile @Nullable FileChannel writing;
    private volatile @Nullable FileChannel reading;
    private volatile boolean closed;

    /// The writer's.
    private FileBlocks.@Nullable Reservation reservation;

    /// Up to where there are blocks, or none are to be asked for. The writer's.
    private long reservedTo;

    private FileDiskFile(Path path, @Nullable FileBlocks blocks) {
        this.path = path;
        this.blocks = blocks;
        this.reservedTo = blocks == null ? Long.MAX_VALUE : SMALL_BYTES;
    }

    /// @param blocks `null` if the system cannot reserve any
    static FileDiskFile open(Path path, @Nullable FileBlocks blocks) throws IOException {
        FileDiskFile file = new FileDiskFile(path, blocks);
        if (!Files.exists(path)) {
            file.writing();
        }
        return file;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return reading().read(target, position);
                } catch (ClosedChannelException e) {
                    if (closed) {
                        throw e;
                    }
                    // An interrupt arrived in the middle of the read; it is answered afterwards.
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
            throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return reading().transferTo(position, count, target);
                } catch (ClosedChannelException e) {
                    if (closed || !target.isOpen()) {
                        throw e;
                    }
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        FileChannel channel = writing();
        long at = position;
        if (at + source.remaining() > reservedTo) {
            reserve(at + source.remaining());
        }
        try {
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        } catch (IOException e) {
            throw FileDisk.explained(e, path);
        }
    }

    /// Has room for what is written next, and as much again as there is, up to a bound.
    private void reserve(long end) {
        if (reservation == null && blocks != null) {
            reservation = blocks.open(path);
        }
        long from = Math.max(reservedTo, end - RESERVED_BYTES_MAX);
        long to = end + Math.min(end, RESERVED_BYTES_MAX);
        boolean isDone = reservation != null && reservation.reserve(from, to - from);
        reservedTo = isDone ? to : Long.MAX_VALUE;
    }

    @Override
    public void releaseRoom() throws IOException {
        FileBlocks.Reservation had = reservation;
        reservation = null;
        if (had != null) {
            had.release(size());
            reservedTo = SMALL_BYTES;
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            writing().force(false);
        } catch (IOException e) {
            throw FileDisk.explained(e, path);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        writing().truncate(size);
    }

    @Override
    public long size() throws IOException {
        FileChannel channel = writing;
        return channel == null ? Files.size(path) : channel.size();
    }

    @Override
    public void close() throws IOException {
        synchronized (opening) {
            closed = true;
            try {
                if (writing != null) {
                    releaseRoom();
                    writing.close();
                }
            } finally {
                if (reading != null) {
                    reading.close();
                }
            }
        }
    }

    private FileChannel writing() throws IOException {
        FileChannel channel = writing;
        if (channel != null) {
            return channel;
        }
        synchronized (opening) {
            if (closed) {
                throw new ClosedChannelException();
            }
            channel = writing;
            if (channel == null) {
                channel =
                        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
                writing = channel;
            }
            return channel;
        }
    }

    private FileChannel reading() throws IOException {
        FileChannel channel = reading;
        if (channel != null && channel.isOpen()) {
            return channel;
        }
        synchronized (opening) {
            if (closed) {
                throw new ClosedChannelException();
            }
            channel = reading;
            if (channel == null || !channel.isOpen()) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
                reading = channel;
            }
            return channel;
        }
    }
}
