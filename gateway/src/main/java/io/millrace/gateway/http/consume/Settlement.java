package io.millrace.gateway.http.consume;

import io.millrace.broker.Publication;
import io.millrace.broker.SettleRequest;
import io.millrace.event.Event;
import io.millrace.event.format.JsonFormat;
import io.millrace.gateway.http.message.JsonCursor;
import io.millrace.group.SettleAction;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One member of `settlements` while it is read. Owned by one thread.
final class Settlement implements JsonCursor.Member {
    /// Two that every settlement has, and those that belong to some actions.
    static final List<String> KEYS =
            List.of(
                    "token",
                    "action",
                    "delay",
                    "failed",
                    "reason",
                    "lease",
                    "event",
                    "eventContext");

    static final Duration DELAY_MAX = Duration.ofDays(365);
    static final int REASON_LENGTH_MAX = 1_000;

    private static final String ACTIONS = "acknowledge, complete, release, reject, defer or renew";

    private enum Action {
        COMPLETE,
        RELEASE,
        REJECT,
        DEFER,
        RENEW;

        static @Nullable Action of(String word) {
            return switch (word) {
                case "acknowledge", "complete" -> COMPLETE;
                case "release" -> RELEASE;
                case "reject" -> REJECT;
                case "defer" -> DEFER;
                case "renew" -> RENEW;
                default -> null;
            };
        }

        /// Whether a key may stand beside it.
        boolean has(String key) {
            return switch (this) {
                case COMPLETE -> key.equals("event") || key.equals("eventContext");
                case RELEASE -> key.equals("delay") || key.equals("failed");
                case REJECT -> key.equals("reason");
                case DEFER -> false;
                case RENEW -> key.equals("lease");
            };
        }
    }

    private final JsonCursor cursor;
    private final String path;
    private final boolean emitting;
    private final JsonFormat format;

    private int seen;
    private @Nullable String token;
    private @Nullable String word;
    private @Nullable Duration delay;
    private @Nullable Boolean failed;
    private @Nullable String reason;
    private @Nullable Duration lease;
    private @Nullable Event event;
    private @Nullable String eventContext;

    /// @param path such as `settlements[3]`
    /// @param emitting whether completing may publish an event
    Settlement(JsonCursor cursor, String path, boolean emitting, JsonFormat format) {
        this.cursor = cursor;
        this.path = path;
        this.emitting = emitting;
        this.format = format;
    }

    @Override
    public void read(String name, String at) {
        seen |= 1 << KEYS.indexOf(name);
        switch (name) {
            case "token" -> token = cursor.string(at);
            case "action" -> word = cursor.string(at);
            case "delay" -> delay = cursor.duration(at, Duration.ZERO, DELAY_MAX);
            case "failed" -> failed = cursor.flag(at);
            case "reason" -> reason = cursor.sentence(at, REASON_LENGTH_MAX);
            case "lease" ->
                    lease =
                            cursor.duration(
                                    at, ReceiveEndpoint.LEASE_MIN, ReceiveEndpoint.LEASE_MAX);
            case "event" -> event = cursor.event(at, format);
            case "eventContext" -> eventContext = cursor.context(at);
            default -> throw new IllegalStateException("a key without a place: " + name);
        }
    }

    /// What was read; `null` if something was wrong, which has been reported then.
    @Nullable SettleRequest request() {
        if (word == null) {
            return null;
        }
        Action action = Action.of(word);
        if (action == null) {
            wrong("action", "must be " + ACTIONS);
            return null;
        }
        strays(action, word);
        SettleAction wanted = wanted(action);
        return token == null || wanted == null
                ? null
                : new SettleRequest(
                        token, wanted, event == null ? null : new Publication(eventContext, event));
    }

    private boolean isThere(String key) {
        return (seen & 1 << KEYS.indexOf(key)) != 0;
    }

    /// Reports the keys that do not belong to the action.
    private void strays(Action action, String called) {
        if (seen >> 2 == 0) {
            return;
        }
        for (String key : KEYS.subList(2, KEYS.size())) {
            if (!isThere(key)) {
                continue;
            }
            if (!action.has(key)) {
                wrong(key, "does not belong to the action " + called);
            } else if (action == Action.COMPLETE && !emitting) {
                wrong(key, "belongs to jobs of queues; publish the event by itself");
            }
        }
        if (isThere("eventContext") && !isThere("event")) {
            wrong("eventContext", "stands beside an event, which is missing");
        }
    }

    private @Nullable SettleAction wanted(Action action) {
        return switch (action) {
            case COMPLETE -> new SettleAction.Complete();
            case RELEASE ->
                    new SettleAction.Release(
                            delay == null ? Duration.ZERO : delay, failed != null && failed);
            case REJECT -> {
                if (!isThere("reason")) {
                    wrong("reason", "is missing; say why it can never succeed");
                }
                yield reason == null ? null : new SettleAction.Reject(reason);
            }
            case DEFER -> new SettleAction.Defer();
            case RENEW -> new SettleAction.Renew(lease);
        };
    }

    private void wrong(String key, String detail) {
        cursor.wrong(path + "." + key, detail);
    }
}
