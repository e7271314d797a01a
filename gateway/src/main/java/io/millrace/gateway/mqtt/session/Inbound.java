package io.millrace.gateway.mqtt.session;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.gateway.mqtt.message.MessageProperties;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import org.jspecify.annotations.Nullable;

/// The incoming side of the protocol (MQTT 5.0, sections 3.3 and 4.3): messages become events, and
/// are acknowledged when these are stored. Owned by the connection's event loop.
///
/// With QoS 2 a message that comes again is not recorded again. In a durable session that holds
/// over a crash of the server too: its number is on disk before its event can be.
final class Inbound {
    private final Conversation conversation;
    private final ClientSession session;
    private final Door door;
    private final Outlet outlet;
    private final Acks acks;
    private final Intake intake;
    private final MqttLimits limits;
    private final boolean isFive;
    private final @Nullable String[] aliases;
    private int outstanding;

    /// Of these, those that wait to be written down.
    private int noting;

    Inbound(
            Conversation conversation,
            ClientSession session,
            Door door,
            Outlet outlet,
            Intake intake,
            MqttLimits limits,
            boolean isFive) {
        this.conversation = conversation;
        this.session = session;
        this.door = door;
        this.outlet = outlet;
        this.intake = intake;
        this.acks = new Acks(outlet, conversation.mayExplain());
        this.limits = limits;
        this.isFive = isFive;
        this.aliases = new @Nullable String[isFive ? limits.aliasesMax() + 1 : 0];
    }

    /// PUBLISH.
    ///
    /// @throws Refused if it is against the protocol
    void publish(MqttPublishMessage packet) {
        int qos = packet.fixedHeader().qosLevel().value();
        int identifier = packet.variableHeader().packetId();
        if (qos > 0 && acks.size() >= limits.inflightMax() && isFive) {
            throw new Refused(
                    ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
                    "more than %d messages wait to be acknowledged"
                            .formatted(limits.inflightMax()));
        }
        Message message = message(packet);
        switch (qos) {
            case 0 -> hand(door.take(conversation, message), 0, publisher(), 0, new Unanswered());
            case 1 -> publishOnce(message, identifier);
            default -> publishExactlyOnce(message, identifier);
        }
    }

    private Message message(MqttPublishMessage packet) {
        MqttProperties properties = packet.variableHeader().properties();
        String topic = packet.variableHeader().topicName();
        MessageProperties said = MessageProperties.NONE;
        if (isFive && !properties.isEmpty()) {
            topic = resolve(topic, properties);
            if (properties.getProperty(MqttProperties.SUBSCRIPTION_IDENTIFIER) != null) {
                throw new Refused(
                        ReasonCode.PROTOCOL_ERROR, "a client sends no subscription identifier");
            }
            said = Properties.ofMessage(properties);
        }
        if (topic.isEmpty()) {
            throw new Refused(
                    isFive ? ReasonCode.PROTOCOL_ERROR : ReasonCode.TOPIC_NAME_INVALID,
                    "there is neither a topic nor an alias of one");
        }
        byte[] data = new byte[packet.payload().readableBytes()];
        packet.payload().getBytes(packet.payload().readerIndex(), data);
        return new Message(topic, Bytes.wrap(data), packet.fixedHeader().isRetain(), said);
    }

    /// Section 3.3.2.3.4.
    private String resolve(String topic, MqttProperties properties) {
        long alias = Properties.number(properties, MqttProperties.TOPIC_ALIAS, -1);
        if (alias < 0) {
            return topic;
        }
        if (alias == 0 || alias >= aliases.length) {
            throw new Refused(
                    ReasonCode.TOPIC_ALIAS_INVALID,
                    "a topic alias is 1 to %d, not %d".formatted(aliases.length - 1, alias));
        }
        if (!topic.isEmpty()) {
            aliases[(int) alias] = topic;
            return topic;
        }
        String known = aliases[(int) alias];
        if (known == null) {
            throw new Refused(
                    ReasonCode.PROTOCOL_ERROR, "the topic alias %d is not set".formatted(alias));
        }
        return known;
    }

    /// Who published has to be known where the session does not want to get its own back.
    private @Nullable String publisher() {
        return conversation.wantsNoLocal() ? session.number() : null;
    }

    private void publishOnce(Message message, int identifier) {
        Acks.Ack ack = acks.add(1, identifier);
        Door.Incoming incoming = takeOrRefuse(message, ack);
        if (incoming != null) {
            hand(incoming, 1, publisher(), 0, new Answered(ack, -1));
        }
    }

    /// @return `null` if it is refused, which the client has been told
    private Door.@Nullable Incoming takeOrRefuse(Message message, Acks.Ack ack) {
        try {
            return door.take(conversation, message);
        } catch (Refused e) {
            if (!isFive) {
                // MQTT 3.1.1 cannot say no (section 3.3.5 there).
                throw e;
            }
            acks.done(ack, e.reason(), e.why());
            return null;
        }
    }

    private void publishExactlyOnce(Message message, int identifier) {
        Received.Entry known = session.received().find(identifier);
        Acks.Ack ack = acks.add(2, identifier);
        if (known != null && known.isRecorded()) {
            acks.done(ack, ReasonCode.SUCCESS, null);
            return;
        }
        if (known != null) {
            // It is on its way, and PUBREC follows.
            known.waiting(ack);
            return;
        }
        Door.Incoming incoming = takeOrRefuse(message, ack);
        if (incoming == null) {
            return;
        }
        if (!session.isDurable()) {
            Received.Entry entry = session.received().add(identifier, null, 0);
            hand(incoming, 2, publisher(), 0, new Answered(ack, identifier, entry));
            return;
        }
        Door.Destination place = incoming.destination();
        Received.Entry entry =
                session.received().add(identifier, place.partition(), place.endOffset());
        noting++;
        begun();
        conversation.whenNoted(() -> {
            noting--;
            outstanding--;
            hand(
                    incoming,
                    2,
                    session.number(),
                    entry.number(),
                    new Answered(ack, identifier, entry));
        });
    }

    private void hand(
            Door.Incoming incoming,
            int qos,
            @Nullable String publisher,
            long number,
            Door.Reply reply) {
        begun();
        door.publish(conversation, incoming, qos, publisher, number, reply);
    }

    private void begun() {
        outstanding++;
        if (outstanding >= limits.inflightMax()) {
            intake.pause(Intake.Reason.OUTSTANDING);
        }
    }

    /// Progress could not be written down: what waited for it will not be published.
    void notNoted() {
        outstanding -= noting;
        noting = 0;
    }

    private void settled() {
        outstanding--;
        if (outstanding <= limits.inflightMax() / 2) {
            intake.resume(Intake.Reason.OUTSTANDING);
        }
        conversation.leave();
    }

    /// Whether messages are under way.
    boolean isBusy() {
        return outstanding > 0;
    }

    /// QoS 0.
    private final class Unanswered implements Door.Reply {
        @Override
        public void recorded() {
            settled();
        }

        @Override
        public void failed(MillraceException problem) {
            settled();
        }
    }

    /// QoS 1 and 2.
    private final class Answered implements Door.Reply {
        private final Acks.Ack ack;
        private final int identifier;
        private final Received.@Nullable Entry entry;

        Answered(Acks.Ack ack, int identifier) {
            this(ack, identifier, null);
        }

        Answered(Acks.Ack ack, int identifier, Received.@Nullable Entry entry) {
            this.ack = ack;
            this.identifier = identifier;
            this.entry = entry;
        }

        @Override
        public void recorded() {
            if (entry != null) {
                entry.recorded();
            }
            done(ReasonCode.SUCCESS, null);
            settled();
        }

        private void done(ReasonCode reason, @Nullable String why) {
            acks.done(ack, reason, why);
            if (entry != null) {
                entry.waiting().forEach(each -> acks.done(each, reason, why));
            }
        }

        @Override
        public void failed(MillraceException problem) {
            if (entry != null) {
                session.received().remove(identifier);
            }
            if (isFive) {
                done(MqttErrors.of(problem), MqttErrors.message(problem));
            } else {
                conversation.end(MqttErrors.of(problem), MqttErrors.message(problem));
            }
            settled();
        }
    }

    /// PUBREL: the client will not send that message again.
    void release(int identifier) {
        boolean wasKnown = session.received().remove(identifier);
        ReasonCode reason =
                wasKnown || !isFive ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
        if (wasKnown && session.isDurable()) {
            // The client may use the identifier for another message as soon as it hears of this.
            conversation.whenNoted(() -> outlet.send(Packets.completed(identifier, reason)));
        } else {
            outlet.send(Packets.completed(identifier, reason));
        }
    }
}
