package io.millrace.log;

import io.millrace.event.Bytes;
import org.jspecify.annotations.Nullable;

/// What a publisher said about its event that is no part of it. Recorded as the header `marks`, the
/// third of a record that was written here, as `retain,qos,publisher,number` with what follows the
/// last that says something left off; without the header they are [#NONE].
///
/// @param retain what the event does to the one that is retained in its context
/// @param qos the quality of service it was published with, 0 to 2 (MQTT 5.0, section 4.3); no
///   subscriber gets it with a higher one. 2 where the publisher's protocol has no such thing
/// @param publisher who published it, where that has to be known later: letters and digits
/// @param number what tells it from other events of that publisher; 0 for none
public record Marks(Retain retain, int qos, @Nullable String publisher, long number) {
    /// What most events have.
    public static final Marks NONE = new Marks(Retain.LATEST, 2, null, 0);

    /// Where the header stands, counted from 0, behind `context` and `ce_specversion`. A header of
    /// that name in another place is somebody else's.
    public static final int INDEX = 2;

    public static final String HEADER = "marks";

    private static final int QOS_MAX = 2;

    /// Size of the header's value.
    public static final int TEXT_MAX = 64;

    public Marks {
        boolean wrongName = publisher != null && (publisher.isEmpty() || publisher.length() > 32);
        if (qos < 0 || qos > QOS_MAX || wrongName || number < 0) {
            throw new IllegalArgumentException("marks out of range");
        }
    }

    /// Those of an event of nobody in particular.
    public static Marks of(Retain retain, int qos) {
        return new Marks(retain, qos, null, 0);
    }

    /// Those that say only what becomes of what is retained.
    public static Marks of(Retain retain) {
        return retain == Retain.LATEST ? NONE : of(retain, QOS_MAX);
    }

    /// What the header says; `null` without one.
    @Nullable String text() {
        if (publisher == null) {
            String plain = retain.text(qos);
            return plain.isEmpty() ? null : plain;
        }
        String text = retain.word() + "," + qos + "," + publisher;
        return number == 0 ? text : text + "," + number;
    }

    /// What a header in the right place means; `null` if it is none of these.
    public static @Nullable Marks of(@Nullable Bytes header) {
        if (header == null || header.length() == 0 || header.length() > TEXT_MAX) {
            return null;
        }
        String[] parts = header.toUtf8().split(",", -1);
        Retain retain = retain(parts[0]);
        int qos = parts.length < 2 ? QOS_MAX : number(parts[1], QOS_MAX);
        String publisher = parts.length < 3 ? null : parts[2];
        long number = parts.length < 4 ? 0 : longNumber(parts[3]);
        boolean isSound =
                retain != null
                        && qos >= 0
                        && (publisher == null || isName(publisher))
                        && number >= 0
                        && parts.length <= 4;
        return isSound && retain != null ? new Marks(retain, qos, publisher, number) : null;
    }

    private static @Nullable Retain retain(String word) {
        for (Retain each : Retain.values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        return null;
    }

    private static int number(String text, int max) {
        return text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '0' + max
                ? text.charAt(0) - '0'
                : -1;
    }

    private static long longNumber(String text) {
        try {
            return text.isEmpty() || text.charAt(0) == '+' ? -1 : Long.parseLong(text);
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isLetterOrDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 32;
    }
}
