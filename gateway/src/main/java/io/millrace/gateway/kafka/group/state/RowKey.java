package io.millrace.gateway.kafka.group.state;

/// The key of a row in the groups' table: what it is of which group.
///
/// @param part of the group, such as a member's id; empty if there is one such row in a group
public record RowKey(Kind kind, String group, String part) {
    /// What a row holds.
    public enum Kind {
        /// A classic group as a whole.
        CLASSIC('c'),
        /// A member of a classic group.
        CLASSIC_MEMBER('m'),
        /// A consumer group as a whole.
        CONSUMER('g'),
        /// A member of a consumer group.
        CONSUMER_MEMBER('r'),
        /// A block of a topic's committed offsets.
        OFFSETS('o'),
        /// The undecided offsets of a producer.
        PENDING('p');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }
    }

    /// As the table has it; the group's length makes it unambiguous whatever ids look like.
    public String text() {
        return "%c%d:%s%s".formatted(kind.letter, group.length(), group, part);
    }

    /// @throws IllegalArgumentException if it is no such key
    public static RowKey of(String text) {
        int colon = text.indexOf(':');
        if (colon > 1) {
            for (Kind kind : Kind.values()) {
                if (kind.letter == text.charAt(0)) {
                    int end = colon + 1 + Integer.parseInt(text.substring(1, colon));
                    return new RowKey(kind, text.substring(colon + 1, end), text.substring(end));
                }
            }
        }
        throw new IllegalArgumentException("no key of the groups' table: " + text);
    }
}
