package io.millrace.schedule;

import io.millrace.config.Fields;
import io.millrace.error.MillraceException;
import io.millrace.event.Timestamp;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Reads which of the three timetables a document has.
final class TimetableFields {
    private TimetableFields() {}

    /// @return `null` if something is wrong, which has been reported then
    static @Nullable Timetable read(Fields fields) {
        int kinds = 0;
        for (String key : new String[] {"cron", "every", "at"}) {
            kinds += fields.has(key) ? 1 : 0;
        }
        ZoneId zone = fields.parsed("timeZone", TimetableFields::zone);
        Duration every = fields.duration("every");
        Instant anchor = fields.parsed("anchor", text -> instant("anchor", text));
        Instant at = fields.parsed("at", text -> instant("at", text));
        if (fields.has("timeZone") && !fields.has("cron")) {
            fields.wrong("timeZone", "goes with cron only; an instant has its offset");
        }
        if (fields.has("anchor") && !fields.has("every")) {
            fields.wrong("anchor", "goes with every only");
        }
        Cron cron = fields.has("cron") ? cron(fields, zone) : null;
        Every steady = every == null ? null : every(fields, every, anchor);
        if (kinds != 1) {
            fields.wrong("cron", "must be given, or every, or at, and just one of them");
            return null;
        }
        return cron != null ? cron : steady != null ? steady : at == null ? null : new Once(at);
    }

    private static @Nullable Cron cron(Fields fields, @Nullable ZoneId zone) {
        return fields.parsed("cron", text -> Cron.of(text, zone == null ? ZoneOffset.UTC : zone));
    }

    private static @Nullable Every every(Fields fields, Duration every, @Nullable Instant anchor) {
        try {
            return new Every(every, anchor == null ? Instant.EPOCH : anchor);
        } catch (IllegalArgumentException e) {
            fields.wrong("every", String.valueOf(e.getMessage()));
            return null;
        }
    }

    /// A region such as Europe/Berlin, UTC, or an offset such as +01:00.
    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException _) {
            throw new IllegalArgumentException(
                    "must be a time zone such as Europe/Berlin, UTC or +01:00");
        }
    }

    private static Instant instant(String field, String text) {
        try {
            return Timestamp.parse(field, text).instant();
        } catch (MillraceException _) {
            throw new IllegalArgumentException(
                    "must be a time with its offset such as 2026-12-24T18:00:00+01:00");
        }
    }
}
