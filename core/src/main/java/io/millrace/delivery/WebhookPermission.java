package io.millrace.delivery;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a sink said when it was asked for permission to push to it (CloudEvents http-webhook.md,
/// section 4).
public sealed interface WebhookPermission {
    /// It may be pushed to.
    ///
    /// @param perMinute how many requests a minute it allows; `null` for no limit
    record Granted(@Nullable Integer perMinute) implements WebhookPermission {
        /// @param allowedRate of `WebHook-Allowed-Rate`, if it is there
        /// @param wanted what was asked for, which holds without a rate, or with one that makes no
        ///   sense
        static Granted at(@Nullable String allowedRate, @Nullable Integer wanted) {
            return new Granted(rate(allowedRate, wanted));
        }
    }

    /// It says nothing now, and may use the callback address that it was given.
    record Awaited() implements WebhookPermission {}

    /// It may not be pushed to.
    ///
    /// @param reason as a sentence
    record Denied(String reason) implements WebhookPermission {}

    /// What the sink is asked. Origin and rate go into `WebHook-Request-Origin` and
    /// `WebHook-Request-Rate`.
    ///
    /// @param origin a DNS name for this server and all that act with it
    /// @param perMinute how many requests a minute are wanted; `null` if it does not matter
    /// @param callback an address that the sink may grant permission through, later; it holds a
    ///   secret, so it is never shown; `null` for none
    record Question(String origin, @Nullable Integer perMinute, @Nullable Secret callback) {
        public Question {
            if (!origin.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")) {
                throw new IllegalArgumentException(
                        "the origin must be a DNS name such as events.example.com");
            }
            if (perMinute != null && perMinute < 1) {
                throw new IllegalArgumentException("at least one request a minute must be wanted");
            }
            if (callback != null && !callback.reveal().matches("https?://[\\x21-\\x7E]+")) {
                throw new IllegalArgumentException("the callback must be an absolute URL");
            }
        }
    }

    /// Judges an answer. Its status does not count (section 4.2): sinks that know nothing of this
    /// answer OPTIONS too.
    ///
    /// @param allowedOrigin of `WebHook-Allowed-Origin`, if it is there
    /// @param allowedRate of `WebHook-Allowed-Rate`, if it is there; without one, or with one that
    ///   makes no sense, what was asked for holds
    static WebhookPermission of(
            Question question, @Nullable String allowedOrigin, @Nullable String allowedRate) {
        if (allowedOrigin == null) {
            return question.callback() == null
                    ? new Denied("the sink gave no WebHook-Allowed-Origin in its answer to OPTIONS")
                    : new Awaited();
        }
        String origin = allowedOrigin.strip().toLowerCase(Locale.ROOT);
        if (!origin.equals("*") && !origin.equals(question.origin().toLowerCase(Locale.ROOT))) {
            return new Denied(
                    "the sink's WebHook-Allowed-Origin is neither * nor " + question.origin());
        }
        return Granted.at(allowedRate, question.perMinute());
    }

    private static @Nullable Integer rate(@Nullable String allowedRate, @Nullable Integer wanted) {
        String rate = allowedRate == null ? "" : allowedRate.strip();
        if (rate.equals("*")) {
            return null;
        }
        if (rate.matches("0*[1-9][0-9]{0,8}")) {
            return Integer.valueOf(rate);
        }
        // More than nine digits are no limit that anybody could reach.
        return rate.matches("0*[1-9][0-9]*") ? null : wanted;
    }
}
