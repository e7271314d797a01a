package io.millrace.gateway.mqtt.connection;

import io.millrace.gateway.mqtt.loop.MqttLoops;
import io.millrace.gateway.mqtt.session.Conversation;
import io.millrace.gateway.mqtt.session.Outlet;
import io.millrace.gateway.mqtt.wire.PublishEncoder;
import io.millrace.gateway.mqtt.wire.PublishEncoder.Recipient;
import io.millrace.stream.StoredEvent;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Between a conversation and its socket: collects what is to leave, so that many packets are one
/// write. Owned by the event loop.
final class MqttLink implements Outlet {
    private static final int FIRST_BYTES = 512;
    private static final int WRITE_BYTES = 64 << 10;

    private final Socket socket;
    private final MqttLoops.Home home;
    private final PublishEncoder encoder;
    private final Runnable flushing = this::flushNow;
    private @Nullable Conversation conversation;
    private @Nullable Recipient recipient;
    private @Nullable ByteBuf out;
    private boolean isDirty;
    private boolean isClosing;
    private boolean isClosed;

    MqttLink(Socket socket, MqttLoops.Home home, PublishEncoder encoder) {
        this.socket = socket;
        this.home = home;
        this.encoder = encoder;
    }

    void conversation(Conversation owner) {
        conversation = owner;
    }

    private void dirty() {
        if (!isDirty) {
            isDirty = true;
            home.flushLater(flushing);
        }
    }

    private ByteBuf out() {
        ByteBuf known = out;
        if (known == null) {
            known = socket.allocator().ioBuffer(FIRST_BYTES);
            out = known;
        }
        return known;
    }

    @Override
    public void send(MqttMessage packet) {
        if (isClosed || isClosing) {
            return;
        }
        if (!isShort(packet)) {
            spill();
            socket.write(packet);
        }
        dirty();
    }

    /// Acknowledgements that say nothing but which, in the four bytes that all versions share.
    private boolean isShort(MqttMessage packet) {
        if (!(packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader header)
                || header.reasonCode() != 0
                || !header.properties().isEmpty()) {
            return false;
        }
        MqttMessageType type = packet.fixedHeader().messageType();
        int flags = type == MqttMessageType.PUBREL ? 2 : 0;
        out().writeByte(type.value() << 4 | flags).writeByte(2).writeShort(header.messageId());
        return true;
    }

    @Override
    public boolean publish(StoredEvent event, Delivery delivery) {
        if (isClosed || isClosing) {
            // It is sent again to whoever comes next.
            return true;
        }
        boolean isWritten = encoder.write(out(), event, delivery, recipient());
        if (isWritten) {
            dirty();
            if (out().readableBytes() >= WRITE_BYTES) {
                spill();
            }
        }
        return isWritten;
    }

    @Override
    public void dropped() {
        home.loop().dropped();
    }

    private Recipient recipient() {
        Recipient known = recipient;
        if (known == null) {
            known = encoder.recipient(Objects.requireNonNull(conversation, "set").connect());
            recipient = known;
        }
        return known;
    }

    private void spill() {
        ByteBuf bytes = out;
        if (bytes != null && bytes.isReadable()) {
            out = null;
            socket.write(bytes);
        }
    }

    private void flushNow() {
        isDirty = false;
        if (isClosed) {
            return;
        }
        spill();
        ByteBuf unused = out;
        if (unused != null) {
            unused.release();
            out = null;
        }
        socket.flush();
        if (isClosing) {
            isClosed = true;
            socket.close();
        }
    }

    @Override
    public boolean isWritable() {
        return socket.isWritable() && !isClosing;
    }

    @Override
    public void pause() {
        socket.reading(false);
    }

    @Override
    public void resume() {
        socket.reading(true);
    }

    @Override
    public void close() {
        isClosing = true;
        dirty();
    }

    /// The socket is gone.
    void gone() {
        isClosed = true;
        ByteBuf unsent = out;
        if (unsent != null) {
            unsent.release();
            out = null;
        }
    }
}
