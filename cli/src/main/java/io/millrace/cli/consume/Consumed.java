package io.millrace.cli.consume;

import io.millrace.cli.http.Encoding;
import java.util.Locale;

/// A subscription or a queue that something is received from.
///
/// @param kind which of the two
/// @param name its name
public record Consumed(Kind kind, String name) {
    /// Both are received from and settled alike.
    public enum Kind {
        SUBSCRIPTION,
        QUEUE;

        /// As in the documents: `Queue`.
        public String title() {
            return name().charAt(0) + word().substring(1);
        }

        /// As in a sentence: `queue`.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// As in paths: `queues`.
        public String plural() {
            return word() + "s";
        }
    }

    /// A path of the API, such as `/queues/orders/receive`.
    ///
    /// @param action the last part, such as `receive`
    public String path(String action) {
        return "/" + kind.plural() + "/" + Encoding.segment(name) + "/" + action;
    }

    /// The resource's path, such as `/api/v1/queues/orders`.
    public String resource() {
        return "/api/v1/" + kind.plural() + "/" + Encoding.segment(name);
    }

    @Override
    public String toString() {
        return kind.word() + " " + name;
    }
}
