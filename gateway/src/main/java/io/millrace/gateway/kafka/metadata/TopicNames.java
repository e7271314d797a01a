package io.millrace.gateway.kafka.metadata;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/// Names and ids of topics as Kafka has them.
public final class TopicNames {
    private static final int LENGTH_MAX = 249;

    private TopicNames() {}

    /// Whether Kafka allows such a name.
    public static boolean isLegal(String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX || name.equals(".") || name.equals("..")) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    public static Uuid kafka(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    public static UUID java(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
