package io.millrace.resource;

import io.millrace.config.Durations;
import io.millrace.config.Fields;
import io.millrace.event.Context;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// How the events of a query are put into time.
///
/// The watermark of a partition is the time of its latest event less the delay. An event that is
/// older than that is late: within the lateness it corrects results, beyond it goes to the late
/// context.
///
/// @param delay how much later than a younger one an event may be recorded
/// @param idle after which time without events the watermark goes on with the clock; `null` for
///   never
/// @param lateness up to which late events correct results
/// @param ahead how far an event's time may lie after its recording, so that one wrong clock does
///   not make all others late
/// @param lateContext where late and invalid events go; `null` for nowhere: they are counted only
public record EventTimeRules(
        Duration delay,
        @Nullable Duration idle,
        Duration lateness,
        Duration ahead,
        @Nullable Context lateContext) {
    private static final Duration TIME_MAX = Duration.ofDays(3_650);
    private static final Duration DELAY_DEFAULT = Duration.ofSeconds(1);
    private static final Duration IDLE_DEFAULT = Duration.ofSeconds(5);
    private static final Duration AHEAD_DEFAULT = Duration.ofHours(1);
    private static final String NEVER = "never";
    private static final String NOWHERE = "none";

    /// Those that hold if nothing is said.
    ///
    /// @param query its name
    public static EventTimeRules usual(String query) {
        return new EventTimeRules(
                DELAY_DEFAULT, IDLE_DEFAULT, Duration.ZERO, AHEAD_DEFAULT, lateContextOf(query));
    }

    private static Context lateContextOf(String query) {
        return Context.of("/late/" + query);
    }

    /// Reads the fields of `eventTime`; what is wrong is reported, and the usual taken instead.
    ///
    /// @param query its name
    public static EventTimeRules read(Fields fields, String query) {
        EventTimeRules usual = usual(query);
        Duration delay = ResourceFields.duration(fields, "delay", Duration.ZERO, TIME_MAX);
        Duration idle =
                fields.is("idle", NEVER)
                        ? null
                        : Objects.requireNonNullElse(
                                ResourceFields.duration(
                                        fields, "idle", Duration.ofMillis(1), TIME_MAX),
                                IDLE_DEFAULT);
        Duration lateness = ResourceFields.duration(fields, "lateness", Duration.ZERO, TIME_MAX);
        Duration ahead = ResourceFields.duration(fields, "ahead", Duration.ZERO, TIME_MAX);
        Context lateContext = null;
        if (!fields.is("lateContext", NOWHERE)) {
            Context given = ResourceFields.context(fields, "lateContext");
            lateContext = given == null ? usual.lateContext : given;
        }
        if (lateContext != null && Context.of("/millrace").covers(lateContext)) {
            fields.wrong(
                    "lateContext",
                    "must not be in /millrace, where only the server itself publishes");
        }
        fields.end();
        return new EventTimeRules(
                Objects.requireNonNullElse(delay, usual.delay),
                idle,
                Objects.requireNonNullElse(lateness, usual.lateness),
                Objects.requireNonNullElse(ahead, usual.ahead),
                lateContext);
    }

    void writeTo(ObjectNode document) {
        document.put("delay", Durations.print(delay));
        document.put("idle", idle == null ? NEVER : Durations.print(idle));
        document.put("lateness", Durations.print(lateness));
        document.put("ahead", Durations.print(ahead));
        document.put("lateContext", lateContext == null ? NOWHERE : lateContext.path());
    }
}
