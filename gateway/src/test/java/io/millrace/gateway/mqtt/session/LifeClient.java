package io.millrace.gateway.mqtt.session;

import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.security.Principal;
import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client of a random life: the client's side of the protocol, as it acknowledges late, twice,
/// with errors or never, and loses its connection. What it may expect is kept by a [LifeRecord].
final class LifeClient {
    final String id;
    final boolean isFive;
    final LifeRecord record;
    private final Random random;
    private final LifeLog log;
    private final MqttLimits limits;
    private final boolean refusesBig;
    private final Consumer<String> trace;

    /// Acknowledgements that are not sent yet.
    private final List<MqttMessage> unsaid = new ArrayList<>();

    /// Messages that wait for an end, by identifier, in the order in which they were sent first.
    private final Map<Integer, LifeRecord.Own> own = new java.util.LinkedHashMap<>();

    /// Those that wait for PUBACK or PUBREC on this connection, in their order.
    private final ArrayDeque<Integer> unanswered = new ArrayDeque<>();

    private final Map<Integer, String> subscribing = new HashMap<>();
    private final Map<Integer, Integer> subscribingQos = new HashMap<>();
    private final Map<Integer, String> unsubscribing = new HashMap<>();
    private int lastIdentifier;
    private int messages;

    @Nullable LifeLink link;
    @Nullable Conversation conversation;
    boolean isConnected;
    private boolean isDurable;
    private boolean isClean;
    boolean isQuiet;

    LifeClient(String id, Random random, LifeLog log, MqttLimits limits, Consumer<String> trace) {
        this.id = id;
        this.random = random;
        this.log = log;
        this.limits = limits;
        this.trace = trace;
        this.isFive = random.nextBoolean();
        this.refusesBig = random.nextInt(3) == 0;
        this.record = new LifeRecord(log, id, refusesBig);
    }

    private boolean chance(int of) {
        return !isQuiet && random.nextInt(of) == 0;
    }

    void say(String what) {
        trace.accept(id + " " + what);
    }

    // --- connections -----------------------------------------------------------------------------

    void connect(LifeServer server) {
        isClean = record.mustBeClean() || chance(12);
        isDurable = isFive ? !chance(6) : !isClean;
        int windowMax = 1 + random.nextInt(5);
        MqttProperties properties =
                isFive
                        ? ClientPackets.numbers(
                                MqttProperties.SESSION_EXPIRY_INTERVAL,
                                isDurable ? 1000 : 0,
                                MqttProperties.RECEIVE_MAXIMUM,
                                windowMax)
                        : MqttProperties.NO_PROPERTIES;
        int most = isFive ? Math.min(windowMax, limits.inflightMax()) : limits.inflightMax();
        LifeLink mine = new LifeLink(log, most, refusesBig);
        link = mine;
        conversation =
                new Conversation(
                        server,
                        mine,
                        limits,
                        Authentication.none(Principal.LOCAL).begin("/test"),
                        () -> "nobody",
                        Runnable::run,
                        0);
        isConnected = false;
        unsaid.clear();
        unanswered.clear();
        subscribing.clear();
        unsubscribing.clear();
        say("connects, clean " + isClean + ", durable " + isDurable + ", window " + most);
        record.connecting(isClean, isDurable);
        if (isClean) {
            own.clear();
        }
        mine.up.add(ClientPackets.connect(isFive, id, isClean, properties));
    }

    /// The connection is over, as the client sees it.
    void broken() {
        say("has no connection any more");
        if (link != null) {
            link.isBroken = true;
        }
        record.disconnected();
        if (!isDurable) {
            own.clear();
        }
        link = null;
        conversation = null;
        isConnected = false;
    }

    private LifeLink up() {
        return java.util.Objects.requireNonNull(link, "connected");
    }

    void disconnect() {
        say("disconnects");
        up().up.add(ClientPackets.disconnect(isFive, 0, MqttProperties.NO_PROPERTIES));
    }

    // --- what it does ----------------------------------------------------------------------------

    private int newIdentifier() {
        do {
            lastIdentifier = lastIdentifier % 20 + 1;
        } while (own.containsKey(lastIdentifier));
        return lastIdentifier;
    }

    void publish() {
        if (own.size() >= limits.inflightMax()) {
            return;
        }
        String topic = LifeLog.TOPICS.get(random.nextInt(LifeLog.TOPICS.size()));
        int qos = random.nextInt(3);
        String text = id + "-" + ++messages;
        if (qos == 0) {
            up().up.add(ClientPackets.publish(topic, 0, 0, text));
            return;
        }
        int identifier = newIdentifier();
        LifeRecord.Own message = new LifeRecord.Own(topic, qos, text);
        own.put(identifier, message);
        record.published(message);
        send(identifier, message);
    }

    private void send(int identifier, LifeRecord.Own message) {
        say("publishes " + message.text + " qos " + message.qos + " as " + identifier);
        unanswered.add(identifier);
        up().up.add(ClientPackets.publish(message.topic, message.qos, identifier, message.text));
    }

    void subscribe() {
        String filter = LifeLog.FILTERS.get(random.nextInt(LifeLog.FILTERS.size()));
        int qos = random.nextInt(3);
        int identifier = 1000 + ++messages;
        say("subscribes " + filter + " qos " + qos + " as " + identifier);
        subscribing.put(identifier, filter);
        subscribingQos.put(identifier, qos);
        record.subscribing(filter, qos);
        up().up.add(ClientPackets.subscribe(identifier, filter, qos));
    }

    void unsubscribe() {
        String filter = record.anyFilter(random);
        if (filter == null) {
            return;
        }
        int identifier = 1000 + ++messages;
        say("unsubscribes " + filter);
        unsubscribing.put(identifier, filter);
        record.unsubscribing(filter);
        up().up.add(ClientPackets.unsubscribe(identifier, filter));
    }

    /// Sends an acknowledgement; the first one that is due, or some other.
    boolean acknowledge() {
        if (unsaid.isEmpty()) {
            return false;
        }
        MqttMessage packet = unsaid.remove(chance(4) ? random.nextInt(unsaid.size()) : 0);
        up().up.add(packet);
        if (chance(30)) {
            up().up.add(packet);
        }
        return true;
    }

    // --- packets on their way --------------------------------------------------------------------

    /// The server reads a packet.
    ///
    /// @return whether there was one
    boolean serverReads(LifeServer server) {
        LifeLink mine = link;
        Conversation there = conversation;
        if (mine == null || there == null || mine.isPaused || mine.up.isEmpty()) {
            return false;
        }
        MqttMessage packet = mine.up.remove();
        if (packet instanceof MqttSubscribeMessage wanted) {
            record.reaches(
                    wanted.payload().topicSubscriptions().getFirst().topicFilter(),
                    wanted.payload().topicSubscriptions().getFirst().qualityOfService().value(),
                    server.relay.handedOver(),
                    wanted.variableHeader().messageId());
        }
        if (packet instanceof MqttUnsubscribeMessage wanted) {
            record.ends(wanted.payload().topics().getFirst(), wanted.variableHeader().messageId());
        }
        mine.acknowledged(packet);
        there.received(packet, 0);
        return true;
    }

    /// The client reads a packet.
    ///
    /// @return whether there was one
    boolean reads() {
        LifeLink mine = link;
        if (mine == null) {
            return false;
        }
        Object packet = mine.down.poll();
        if (packet == null) {
            return false;
        }
        if (packet instanceof LifeLink.Published published) {
            if (!isConnected) {
                throw new AssertionError("PUBLISH before CONNACK");
            }
            published(published);
        } else if (packet instanceof MqttMessage message) {
            read(message);
        }
        return true;
    }

    private void read(MqttMessage packet) {
        MqttMessageType type = packet.fixedHeader().messageType();
        if (!isConnected && type != MqttMessageType.CONNACK) {
            throw new AssertionError(type + " before CONNACK");
        }
        int identifier =
                packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                        ? header.messageId()
                        : 0;
        int reason =
                packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                        ? header.reasonCode() & 0xFF
                        : 0;
        switch (type) {
            case CONNACK -> connected((MqttConnAckMessage) packet);
            case PUBACK -> answered(identifier, reason, 1);
            case PUBREC -> answered(identifier, reason, 2);
            case PUBREL -> {
                say("hears PUBREL " + identifier);
                record.released(identifier);
                unsaid.add(ClientPackets.reply(MqttMessageType.PUBCOMP, identifier, 0));
            }
            case PUBCOMP -> {
                LifeRecord.Own message = own.remove(identifier);
                if (message != null) {
                    message.isDone = true;
                }
            }
            case SUBACK -> subscribed((MqttSubAckMessage) packet);
            case UNSUBACK -> {
                int of = ((MqttUnsubAckMessage) packet).variableHeader().messageId();
                String filter = unsubscribing.remove(of);
                say("hears UNSUBACK of " + filter);
                record.unsubscribed(of);
            }
            default -> say("hears " + type);
        }
    }

    private void connected(MqttConnAckMessage packet) {
        int code = packet.variableHeader().connectReturnCode().byteValue();
        boolean isPresent = packet.variableHeader().isSessionPresent();
        say("hears CONNACK " + code + ", present " + isPresent);
        if (code != 0) {
            return;
        }
        isConnected = true;
        record.connected(isPresent, isClean);
        if (!isPresent) {
            own.clear();
        }
        own.forEach((identifier, message) -> {
            if (message.isReceived) {
                up().up.add(ClientPackets.reply(MqttMessageType.PUBREL, identifier, 0));
            } else {
                send(identifier, message);
            }
        });
    }

    private void answered(int identifier, int reason, int qos) {
        say("hears that " + identifier + " is there, " + reason);
        Integer first = unanswered.poll();
        LifeRecord.Own message = own.get(identifier);
        if (first == null || first != identifier || message == null || message.qos != qos) {
            throw new AssertionError("an answer to " + identifier + " where " + first + " waits");
        }
        if (reason >= 0x80) {
            message.isRefused = true;
            own.remove(identifier);
        } else if (qos == 1) {
            message.isDone = true;
            own.remove(identifier);
        } else {
            message.isReceived = true;
            up().up.add(ClientPackets.reply(MqttMessageType.PUBREL, identifier, 0));
        }
    }

    private void subscribed(MqttSubAckMessage packet) {
        int identifier = packet.variableHeader().messageId();
        String filter = subscribing.remove(identifier);
        int code = packet.payload().reasonCodes().getFirst();
        Map<PartitionName, Long> from = up().subscribedAt.get(identifier);
        say("hears SUBACK of " + filter + ", " + code + " from " + from);
        if (filter == null || from == null) {
            throw new AssertionError("SUBACK of nothing");
        }
        int qos = subscribingQos.getOrDefault(identifier, 0);
        if (code >= 0x80) {
            record.failed(identifier);
        } else if (code != qos) {
            throw new AssertionError("granted " + code + " instead of " + qos);
        } else if (!unsubscribing.containsValue(filter)) {
            for (Map.Entry<Integer, String> each : subscribing.entrySet()) {
                if (each.getValue().equals(filter)) {
                    qos = Math.min(qos, subscribingQos.getOrDefault(each.getKey(), 0));
                }
            }
            record.subscribed(filter, qos, from);
        }
    }

    private void published(LifeLink.Published packet) {
        StoredEvent event = packet.event();
        int identifier = packet.identifier();
        say(
                "gets %s %s/%d of %s qos %d as %d%s"
                        .formatted(
                                event.event().id(),
                                LifeLog.partitionOf(LifeLog.topic(event)),
                                event.offset(),
                                LifeLog.topic(event),
                                packet.qos(),
                                identifier,
                                packet.isDuplicate() ? " again" : ""));
        boolean isRefused = packet.qos() > 0 && isFive && chance(40);
        record.received(event, packet.qos(), identifier, isRefused);
        int reason = isRefused ? 0x80 : 0;
        if (packet.qos() == 1) {
            unsaid.add(ClientPackets.reply(MqttMessageType.PUBACK, identifier, reason));
        } else if (packet.qos() == 2) {
            unsaid.add(ClientPackets.reply(MqttMessageType.PUBREC, identifier, reason));
        }
    }

    boolean isIdle() {
        LifeLink mine = link;
        return mine != null
                && isConnected
                && mine.up.isEmpty()
                && mine.down.isEmpty()
                && unsaid.isEmpty()
                && own.isEmpty()
                && subscribing.isEmpty()
                && unsubscribing.isEmpty();
    }
}
