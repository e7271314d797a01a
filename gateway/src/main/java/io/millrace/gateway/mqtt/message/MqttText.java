package io.millrace.gateway.mqtt.message;

import io.millrace.event.AttributeValue;

/// What texts can be where (MQTT 5.0, section 1.5.4; CloudEvents 1.0, section "Type System").
final class MqttText {
    /// The length of a text is written in two bytes.
    static final int BYTES_MAX = 65_535;

    private MqttText() {}

    /// Whether MQTT can carry it: UTF-8 of at most 65,535 bytes without U+0000.
    static boolean fits(String text) {
        int length = text.length();
        if (length > BYTES_MAX) {
            return false;
        }
        int bytes = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (i + 1 < length && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                return false;
            }
        }
        return bytes <= BYTES_MAX;
    }

    /// Whether an attribute can hold it: no control characters, noncharacters and lone surrogates.
    static boolean isAttribute(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7F) {
                return AttributeValue.isText(text);
            }
        }
        return true;
    }
}
