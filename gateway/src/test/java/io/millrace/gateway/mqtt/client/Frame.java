package io.millrace.gateway.mqtt.client;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

/// One packet of MQTT (MQTT 5.0, section 2.1): its type, its flags, and what follows the length.
public record Frame(int type, int flags, byte[] body) {
    public static final int CONNECT = 1;
    public static final int CONNACK = 2;
    public static final int PUBLISH = 3;
    public static final int PUBACK = 4;
    public static final int PUBREC = 5;
    public static final int PUBREL = 6;
    public static final int PUBCOMP = 7;
    public static final int SUBSCRIBE = 8;
    public static final int SUBACK = 9;
    public static final int UNSUBSCRIBE = 10;
    public static final int UNSUBACK = 11;
    public static final int PINGREQ = 12;
    public static final int PINGRESP = 13;
    public static final int DISCONNECT = 14;

    /// PUBACK, PUBREC, PUBREL or PUBCOMP that means success.
    public static Frame reply(int type, int identifier) {
        return new Frame(type, type == PUBREL ? 2 : 0, new Fields().two(identifier).bytes());
    }

    static Frame read(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            throw new EOFException();
        }
        int length = 0;
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            length |= (next & 0x7F) << shift;
            shift += 7;
        } while (next >= 0x80);
        byte[] body = new byte[length];
        in.readFully(body);
        return new Frame(first >> 4, first & 0xF, body);
    }

    byte[] bytes() {
        return new Fields().one(type << 4 | flags).variable(body.length).raw(body).bytes();
    }

    /// The packet identifier of everything but PUBLISH.
    public int identifier() {
        return ((body[0] & 0xFF) << 8) | (body[1] & 0xFF);
    }

    /// The reason code of a reply; 0 where it is left out.
    public int reason() {
        int at = type == DISCONNECT ? 0 : 2;
        return body.length > at ? body[at] & 0xFF : 0;
    }
}
