package io.millrace.gateway.mqtt.connection;

import io.millrace.gateway.mqtt.loop.MqttLoops;
import io.millrace.gateway.mqtt.session.Conversation;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.util.ReferenceCountUtil;

/// What one connection does, whatever its socket is: decoded packets to its conversation. Owned by
/// the event loop.
final class Dialogue {
    private final Conversation conversation;
    private final MqttLink link;
    private final MqttLoops.Home home;
    private final Runnable whenGone;

    Dialogue(Conversation conversation, MqttLink link, MqttLoops.Home home, Runnable whenGone) {
        this.conversation = conversation;
        this.link = link;
        this.home = home;
        this.whenGone = whenGone;
    }

    Conversation conversation() {
        return conversation;
    }

    void received(MqttMessage packet, long nowNanos) {
        DecoderResult result = packet.decoderResult();
        if (result.isSuccess()) {
            conversation.received(packet, nowNanos);
            return;
        }
        Throwable problem = result.cause();
        ReferenceCountUtil.release(packet);
        if (problem instanceof MqttUnacceptableProtocolVersionException) {
            conversation.unsupportedVersion(String.valueOf(problem.getMessage()));
        } else {
            conversation.malformed(
                    problem instanceof TooLongFrameException, String.valueOf(problem.getMessage()));
        }
    }

    void flush() {
        home.flush();
    }

    void gone() {
        link.gone();
        conversation.gone();
        whenGone.run();
        home.flush();
    }
}
