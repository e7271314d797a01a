package io.millrace.gateway.mqtt.wire;

import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.gateway.mqtt.session.Connect;
import io.millrace.gateway.mqtt.session.Outlet.Delivery;
import io.millrace.io.Clock;
import io.millrace.stream.StoredEvent;
import io.netty.buffer.ByteBuf;

/// Writes events as PUBLISH for all connections of one event loop, which owns it.
public final class PublishEncoder {
    private final PublishImages images;

    /// @param usual the format for clients of MQTT 3.1.1 that have not said which
    public PublishEncoder(MessageFormat usual, Clock clock) {
        this.images = new PublishImages(usual, clock);
    }

    /// What is known of one connection.
    public static final class Recipient {
        private final PublishWriter writer;
        private final boolean isFive;

        private Recipient(PublishWriter writer, boolean isFive) {
            this.writer = writer;
            this.isFive = isFive;
        }
    }

    public Recipient recipient(Connect connect) {
        return new Recipient(
                new PublishWriter(connect.packetBytesMax(), connect.aliasesMax()),
                connect.isFive());
    }

    /// @return false if nothing was written: the event has expired or has no topic, or the packet
    ///   is larger than the client takes
    public boolean write(ByteBuf out, StoredEvent event, Delivery delivery, Recipient recipient) {
        PublishImage image = images.of(event, recipient.isFive, delivery.format());
        return image != null && recipient.writer.write(out, image, delivery);
    }
}
