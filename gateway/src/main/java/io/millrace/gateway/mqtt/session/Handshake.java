package io.millrace.gateway.mqtt.session;

import io.millrace.event.Bytes;
import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.gateway.mqtt.message.MessageProperties;
import io.millrace.gateway.mqtt.message.ProtocolVersion;
import io.millrace.gateway.mqtt.message.TopicName;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// From the packet CONNECT to a [Connect], and the properties of CONNACK. Stateless.
final class Handshake {
    private static final int FIVE = 5;
    private static final int IDENTIFIER_CHARS_MAX = 1024;

    private Handshake() {}

    /// @param identifiers makes an identifier for a client that has none
    /// @throws Refused if the client cannot be let in
    static Connect of(MqttConnectMessage packet, MqttLimits limits, Supplier<String> identifiers) {
        MqttConnectVariableHeader header = packet.variableHeader();
        boolean isFive = header.version() == FIVE;
        MqttProperties properties = header.properties();
        String given = packet.payload().clientIdentifier();
        boolean isNameless = given == null || given.isEmpty();
        if (isNameless && !isFive && !header.isCleanSession()) {
            throw new Refused(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "a session that is to be kept needs a client identifier");
        }
        String clientId = isNameless ? identifiers.get() : requireSound(given);
        long asked = expiryAsked(isFive, header, properties);
        long expiryMax = limits.sessionMax().toSeconds();
        long expiry = Math.min(asked, expiryMax);
        int keepAlive = keepAlive(header.keepAliveTimeSeconds(), limits);
        int method = MqttProperties.AUTHENTICATION_METHOD;
        int data = MqttProperties.AUTHENTICATION_DATA;
        String authentication = isFive ? Properties.text(properties, method) : null;
        byte[] proof = isFive ? Properties.bytes(properties, data) : null;
        if (authentication == null && proof != null) {
            throw new Refused(
                    ReasonCode.PROTOCOL_ERROR,
                    "authentication data needs an authentication method");
        }
        return new Connect(
                isFive ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1,
                clientId,
                isNameless,
                header.isCleanSession(),
                expiry,
                expiry != asked,
                keepAlive,
                keepAlive != header.keepAliveTimeSeconds(),
                window(isFive, properties, limits),
                packetBytes(isFive, properties),
                isFive ? aliases(properties, limits) : 0,
                isFive && flag(properties, MqttProperties.REQUEST_RESPONSE_INFORMATION, 0),
                !isFive || flag(properties, MqttProperties.REQUEST_PROBLEM_INFORMATION, 1),
                will(packet, isFive),
                packet.payload().userName(),
                packet.payload().passwordInBytes(),
                authentication,
                proof);
    }

    private static String requireSound(String identifier) {
        if (identifier.length() > IDENTIFIER_CHARS_MAX || !Properties.isText(identifier)) {
            throw new Refused(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "a client identifier has at most %d characters, and none that controls"
                            .formatted(IDENTIFIER_CHARS_MAX));
        }
        return identifier;
    }

    private static long expiryAsked(
            boolean isFive, MqttConnectVariableHeader header, MqttProperties properties) {
        if (isFive) {
            return Properties.number(properties, MqttProperties.SESSION_EXPIRY_INTERVAL, 0);
        }
        // MQTT 3.1.1 knows no end of a session that is kept (section 3.1.2.4 there).
        return header.isCleanSession() ? 0 : ClientSession.NEVER;
    }

    private static int keepAlive(int asked, MqttLimits limits) {
        long max = limits.keepAliveMax().toSeconds();
        return max > 0 && (asked == 0 || asked > max) ? (int) max : asked;
    }

    private static int window(boolean isFive, MqttProperties properties, MqttLimits limits) {
        if (!isFive) {
            return limits.inflightMax();
        }
        long asked = Properties.number(properties, MqttProperties.RECEIVE_MAXIMUM, 65_535);
        if (asked == 0) {
            throw new Refused(ReasonCode.PROTOCOL_ERROR, "the receive maximum must not be 0");
        }
        return (int) Math.min(asked, limits.inflightMax());
    }

    private static long packetBytes(boolean isFive, MqttProperties properties) {
        int property = MqttProperties.MAXIMUM_PACKET_SIZE;
        long asked =
                isFive ? Properties.number(properties, property, Long.MAX_VALUE) : Long.MAX_VALUE;
        if (asked == 0) {
            throw new Refused(ReasonCode.PROTOCOL_ERROR, "the maximum packet size must not be 0");
        }
        return asked;
    }

    private static int aliases(MqttProperties properties, MqttLimits limits) {
        long asked = Properties.number(properties, MqttProperties.TOPIC_ALIAS_MAXIMUM, 0);
        return (int) Math.min(asked, limits.aliasesMax());
    }

    private static boolean flag(MqttProperties properties, int id, long usual) {
        long value = Properties.number(properties, id, usual);
        if (value != 0 && value != 1) {
            throw new Refused(
                    ReasonCode.PROTOCOL_ERROR, "a request for information is 0 or 1, not " + value);
        }
        return value == 1;
    }

    private static @Nullable Will will(MqttConnectMessage packet, boolean isFive) {
        MqttConnectVariableHeader header = packet.variableHeader();
        if (!header.isWillFlag()) {
            return null;
        }
        MqttConnectPayload payload = packet.payload();
        String topic = payload.willTopic();
        byte[] data = payload.willMessageInBytes();
        MqttProperties properties = payload.willProperties();
        var _ = Properties.requireTopic(topic == null ? "" : topic, TopicName::context);
        if (header.willQos() > 2) {
            throw new Refused(ReasonCode.MALFORMED_PACKET, "a will's quality of service is 0 to 2");
        }
        MessageProperties said = isFive ? Properties.ofMessage(properties) : MessageProperties.NONE;
        long delay =
                isFive ? Properties.number(properties, MqttProperties.WILL_DELAY_INTERVAL, 0) : 0;
        Bytes bytes = data == null ? Bytes.EMPTY : Bytes.wrap(data);
        Message message =
                new Message(topic == null ? "" : topic, bytes, header.isWillRetain(), said);
        return new Will(message, header.willQos(), delay);
    }

    /// What the server says of itself when it lets a client in (section 3.2.2.3).
    ///
    /// @param proof what the authentication says last; `null` for nothing
    static MqttProperties answer(
            Connect connect, MqttLimits limits, String number, byte @Nullable [] proof) {
        MqttProperties all = new MqttProperties();
        if (connect.isExpiryOwn()) {
            all.add(number(MqttProperties.SESSION_EXPIRY_INTERVAL, connect.expirySeconds()));
        }
        all.add(number(MqttProperties.RECEIVE_MAXIMUM, limits.inflightMax()));
        all.add(number(MqttProperties.MAXIMUM_PACKET_SIZE, limits.packetBytesMax()));
        all.add(number(MqttProperties.TOPIC_ALIAS_MAXIMUM, limits.aliasesMax()));
        if (connect.isAssigned()) {
            all.add(
                    new MqttProperties.StringProperty(
                            MqttProperties.ASSIGNED_CLIENT_IDENTIFIER, connect.clientId()));
        }
        if (connect.isKeepAliveOwn()) {
            all.add(number(MqttProperties.SERVER_KEEP_ALIVE, connect.keepAliveSeconds()));
        }
        if (connect.authenticationMethod() != null) {
            // Which MQTT-4.12.0-5 wants back.
            all.add(
                    new MqttProperties.StringProperty(
                            MqttProperties.AUTHENTICATION_METHOD, connect.authenticationMethod()));
            if (proof != null) {
                all.add(
                        new MqttProperties.BinaryProperty(
                                MqttProperties.AUTHENTICATION_DATA, proof));
            }
        }
        if (connect.wantsResponseInformation()) {
            all.add(
                    new MqttProperties.StringProperty(
                            MqttProperties.RESPONSE_INFORMATION, "replies/" + number));
        }
        return all;
    }

    private static MqttProperties.IntegerProperty number(int id, long value) {
        // Netty writes the low bytes of what the property has.
        return new MqttProperties.IntegerProperty(id, (int) value);
    }
}
