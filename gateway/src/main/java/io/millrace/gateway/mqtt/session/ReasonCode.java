package io.millrace.gateway.mqtt.session;

import io.netty.handler.codec.mqtt.MqttMessageType;
import java.util.List;

/// Reason codes of MQTT 5.0 (section 2.4) that this server uses.
public enum ReasonCode {
    SUCCESS(0x00),
    DISCONNECT_WITH_WILL(0x04),
    NO_SUBSCRIPTION_EXISTED(0x11),
    CONTINUE_AUTHENTICATION(0x18),
    REAUTHENTICATE(0x19),
    UNSPECIFIED_ERROR(0x80),
    MALFORMED_PACKET(0x81),
    PROTOCOL_ERROR(0x82),
    IMPLEMENTATION_SPECIFIC_ERROR(0x83),
    UNSUPPORTED_PROTOCOL_VERSION(0x84),
    CLIENT_IDENTIFIER_NOT_VALID(0x85),
    BAD_USER_NAME_OR_PASSWORD(0x86),
    NOT_AUTHORIZED(0x87),
    SERVER_UNAVAILABLE(0x88),
    SERVER_BUSY(0x89),
    SERVER_SHUTTING_DOWN(0x8B),
    BAD_AUTHENTICATION_METHOD(0x8C),
    KEEP_ALIVE_TIMEOUT(0x8D),
    SESSION_TAKEN_OVER(0x8E),
    TOPIC_FILTER_INVALID(0x8F),
    TOPIC_NAME_INVALID(0x90),
    PACKET_IDENTIFIER_IN_USE(0x91),
    PACKET_IDENTIFIER_NOT_FOUND(0x92),
    RECEIVE_MAXIMUM_EXCEEDED(0x93),
    TOPIC_ALIAS_INVALID(0x94),
    PACKET_TOO_LARGE(0x95),
    MESSAGE_RATE_TOO_HIGH(0x96),
    QUOTA_EXCEEDED(0x97),
    PAYLOAD_FORMAT_INVALID(0x99);

    private final int code;

    ReasonCode(int code) {
        this.code = code;
    }

    /// As it is sent.
    public int code() {
        return code;
    }

    public boolean isError() {
        return code >= 0x80;
    }

    /// The code that comes nearest among those that a packet may carry: a client takes any other as
    /// a breach of the protocol (sections 3.2.2.2, 3.4.2.1, 3.5.2.1, 3.9.3 and 3.14.2.1).
    ReasonCode in(MqttMessageType packet) {
        if (!isError() || isOf(packet)) {
            return this;
        }
        for (ReasonCode near : near()) {
            if (near.isOf(packet)) {
                return near;
            }
        }
        return UNSPECIFIED_ERROR;
    }

    private List<ReasonCode> near() {
        return switch (this) {
            case BAD_USER_NAME_OR_PASSWORD, BAD_AUTHENTICATION_METHOD -> List.of(NOT_AUTHORIZED);
            case SERVER_SHUTTING_DOWN, SESSION_TAKEN_OVER, SERVER_UNAVAILABLE, SERVER_BUSY ->
                    List.of(SERVER_UNAVAILABLE, SERVER_BUSY);
            case RECEIVE_MAXIMUM_EXCEEDED, PACKET_TOO_LARGE, MESSAGE_RATE_TOO_HIGH ->
                    List.of(QUOTA_EXCEEDED);
            case TOPIC_ALIAS_INVALID, PACKET_IDENTIFIER_IN_USE, PACKET_IDENTIFIER_NOT_FOUND ->
                    List.of(PROTOCOL_ERROR);
            case SUCCESS,
                    DISCONNECT_WITH_WILL,
                    NO_SUBSCRIPTION_EXISTED,
                    CONTINUE_AUTHENTICATION,
                    REAUTHENTICATE,
                    UNSPECIFIED_ERROR,
                    MALFORMED_PACKET,
                    PROTOCOL_ERROR,
                    IMPLEMENTATION_SPECIFIC_ERROR,
                    UNSUPPORTED_PROTOCOL_VERSION,
                    CLIENT_IDENTIFIER_NOT_VALID,
                    NOT_AUTHORIZED,
                    KEEP_ALIVE_TIMEOUT,
                    TOPIC_FILTER_INVALID,
                    TOPIC_NAME_INVALID,
                    QUOTA_EXCEEDED,
                    PAYLOAD_FORMAT_INVALID ->
                    List.of();
        };
    }

    private boolean isOf(MqttMessageType packet) {
        return switch (packet) {
            case CONNACK ->
                    (code <= 0x8C && this != SERVER_SHUTTING_DOWN)
                            || this == TOPIC_NAME_INVALID
                            || this == PACKET_TOO_LARGE
                            || this == QUOTA_EXCEEDED
                            || this == PAYLOAD_FORMAT_INVALID;
            case PUBACK, PUBREC ->
                    isOfAny()
                            || this == TOPIC_NAME_INVALID
                            || this == QUOTA_EXCEEDED
                            || this == PAYLOAD_FORMAT_INVALID;
            case SUBACK -> isOfAny() || this == TOPIC_FILTER_INVALID || this == QUOTA_EXCEEDED;
            case UNSUBACK -> isOfAny() || this == TOPIC_FILTER_INVALID;
            case PUBREL, PUBCOMP -> this == PACKET_IDENTIFIER_NOT_FOUND;
            case DISCONNECT ->
                    code <= 0x83
                            || this == NOT_AUTHORIZED
                            || this == SERVER_BUSY
                            || this == SERVER_SHUTTING_DOWN
                            || (code >= 0x8D && code <= 0x90)
                            || code >= 0x93;
            case AUTH, CONNECT, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, PINGRESP -> false;
        };
    }

    private boolean isOfAny() {
        return this == UNSPECIFIED_ERROR
                || this == IMPLEMENTATION_SPECIFIC_ERROR
                || this == NOT_AUTHORIZED
                || this == PACKET_IDENTIFIER_IN_USE;
    }

    /// The return code of a CONNACK of MQTT 3.1.1 (section 3.2.2.3) that says this best.
    public int returnCode() {
        return switch (this) {
            case SUCCESS -> 0;
            case UNSUPPORTED_PROTOCOL_VERSION -> 1;
            case CLIENT_IDENTIFIER_NOT_VALID -> 2;
            case BAD_USER_NAME_OR_PASSWORD, BAD_AUTHENTICATION_METHOD -> 4;
            case NOT_AUTHORIZED -> 5;
            case DISCONNECT_WITH_WILL,
                    NO_SUBSCRIPTION_EXISTED,
                    CONTINUE_AUTHENTICATION,
                    REAUTHENTICATE,
                    UNSPECIFIED_ERROR,
                    MALFORMED_PACKET,
                    PROTOCOL_ERROR,
                    IMPLEMENTATION_SPECIFIC_ERROR,
                    SERVER_UNAVAILABLE,
                    SERVER_BUSY,
                    SERVER_SHUTTING_DOWN,
                    KEEP_ALIVE_TIMEOUT,
                    SESSION_TAKEN_OVER,
                    TOPIC_FILTER_INVALID,
                    TOPIC_NAME_INVALID,
                    PACKET_IDENTIFIER_IN_USE,
                    PACKET_IDENTIFIER_NOT_FOUND,
                    RECEIVE_MAXIMUM_EXCEEDED,
                    TOPIC_ALIAS_INVALID,
                    PACKET_TOO_LARGE,
                    MESSAGE_RATE_TOO_HIGH,
                    QUOTA_EXCEEDED,
                    PAYLOAD_FORMAT_INVALID ->
                    3;
        };
    }
}
