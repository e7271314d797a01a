package io.millrace.gateway.mqtt.message;

import io.millrace.event.Bytes;

/// Tells cheaply whether a payload without a content type may be an event in structured mode, as
/// MQTT 3.1.1 carries it: a JSON object with a member `specversion` somewhere. Stateless.
final class StructuredPayload {
    private static final byte[] MEMBER = {
        '"', 's', 'p', 'e', 'c', 'v', 'e', 'r', 's', 'i', 'o', 'n', '"'
    };

    private StructuredPayload() {}

    static boolean mayBe(Bytes payload) {
        byte[] array = payload.backingArray();
        int from = payload.backingStart();
        int to = from + payload.length();
        while (from < to && isSpace(array[from])) {
            from++;
        }
        return from < to && array[from] == '{' && hasMember(array, from, to);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /// Boyer, Moore and Horspool: most bytes of large data are not even looked at.
    private static boolean hasMember(byte[] array, int from, int to) {
        int last = MEMBER.length - 1;
        for (int end = from + last; end < to; end += shift(array[end])) {
            if (array[end] == '"' && isMember(array, end - last)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMember(byte[] array, int at) {
        for (int i = 0; i < MEMBER.length; i++) {
            if (array[at + i] != MEMBER[i]) {
                return false;
            }
        }
        return true;
    }

    /// How far the byte stands before the end of [#MEMBER] where it occurs in it last.
    private static int shift(byte b) {
        return switch (b) {
            case 'n' -> 1;
            case 'o' -> 2;
            case 'i' -> 3;
            case 's' -> 4;
            case 'r' -> 5;
            case 'e' -> 6;
            case 'v' -> 7;
            case 'c' -> 8;
            case 'p' -> 10;
            case '"' -> 12;
            default -> 13;
        };
    }
}
