package io.millrace.gateway.kafka.wire;

import java.util.Arrays;

/// Puts frames (a length of four bytes, and so many bytes) together from the pieces in which they
/// arrive.
///
/// The caller copies what it has into [#array] at [#position], up to [#wanted] bytes, and tells by
/// [#advance]. A frame's array grows with what has arrived, so that a client which only announces
/// much does not cost much. One thread at a time.
public final class FrameAssembler {
    private static final int LENGTH_BYTES = 4;

    /// Frames up to here get their array at once.
    private static final int FIRST_BYTES_MAX = 1 << 20;

    private static final int GROWTH = 4;
    private static final byte[] NOTHING = {};

    private final int frameBytesMax;
    private final byte[] length = new byte[LENGTH_BYTES];
    private int lengthHas;
    private int size = -1;
    private byte[] body = NOTHING;
    private int bodyHas;

    /// @param frameBytesMax the largest frame, without its length
    public FrameAssembler(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    public byte[] array() {
        return size < 0 ? length : body;
    }

    public int position() {
        return size < 0 ? lengthHas : bodyHas;
    }

    /// How many bytes have room in the array; at least one unless a frame is complete.
    public int wanted() {
        return size < 0 ? LENGTH_BYTES - lengthHas : body.length - bodyHas;
    }

    /// Bytes were copied into the array.
    ///
    /// @throws MalformedRequestException if the length is one that no frame may have
    public void advance(int count) throws MalformedRequestException {
        if (size >= 0) {
            bodyHas += count;
            if (bodyHas == body.length && bodyHas < size) {
                body = Arrays.copyOf(body, (int) Math.min(size, (long) body.length * GROWTH));
            }
            return;
        }
        lengthHas += count;
        if (lengthHas == LENGTH_BYTES) {
            begin();
        }
    }

    private void begin() throws MalformedRequestException {
        int announced =
                (length[0] & 0xff) << 24
                        | (length[1] & 0xff) << 16
                        | (length[2] & 0xff) << 8
                        | (length[3] & 0xff);
        if (announced <= 0 || announced > frameBytesMax) {
            throw new MalformedRequestException(
                    "a request of %d bytes; up to %d are allowed"
                            .formatted(announced, frameBytesMax));
        }
        size = announced;
        body = new byte[Math.min(announced, FIRST_BYTES_MAX)];
    }

    public boolean isComplete() {
        return bodyHas == size;
    }

    /// Whether a part of a frame is there.
    public boolean hasBegun() {
        return lengthHas > 0;
    }

    /// Memory that the frame in progress takes.
    public int allocated() {
        return body.length;
    }

    /// Hands the complete frame out, without its length, and begins with the next.
    public byte[] take() {
        byte[] frame = body;
        lengthHas = 0;
        size = -1;
        body = NOTHING;
        bodyHas = 0;
        return frame;
    }
}
