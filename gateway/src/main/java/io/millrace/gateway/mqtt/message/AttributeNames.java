package io.millrace.gateway.mqtt.message;

/// Which user properties are attributes in binary mode (CloudEvents MQTT binding, section 3.1.3).
/// Reader and writer have to agree on it.
final class AttributeNames {
    static final int SPECVERSION = 1;
    static final int ID = 1 << 1;
    static final int SOURCE = 1 << 2;
    static final int TYPE = 1 << 3;
    static final int SUBJECT = 1 << 4;
    static final int TIME = 1 << 5;
    static final int DATASCHEMA = 1 << 6;
    static final int DATACONTENTTYPE = 1 << 7;

    /// What every event has.
    static final int REQUIRED = SPECVERSION | ID | SOURCE | TYPE;

    private static final int NAME_LENGTH_MAX = 128;

    private AttributeNames() {}

    /// The bit of an attribute of the specification; 0 for other names.
    static int bit(String name) {
        return switch (name) {
            case "specversion" -> SPECVERSION;
            case "id" -> ID;
            case "source" -> SOURCE;
            case "type" -> TYPE;
            case "subject" -> SUBJECT;
            case "time" -> TIME;
            case "dataschema" -> DATASCHEMA;
            case "datacontenttype" -> DATACONTENTTYPE;
            default -> 0;
        };
    }

    /// Whether a user property can be an extension of an event.
    static boolean isExtension(String name, String value) {
        int length = name.length();
        if (length == 0 || length > NAME_LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        boolean isTaken = bit(name) != 0 || name.equals("data") || PropertyExtensions.isOne(name);
        return !isTaken && MqttText.isAttribute(value);
    }
}
