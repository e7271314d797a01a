package io.millrace.gateway.http.status;

import io.millrace.broker.query.QueryStatus;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Queries in the Prometheus text format: the first [#QUERIES_MAX] by name.
final class QueryMetrics {
    static final int QUERIES_MAX = 1_000;

    private final StringBuilder text = new StringBuilder();
    private final List<QueryStatus> queries;

    private QueryMetrics(List<QueryStatus> queries) {
        this.queries = queries;
    }

    static String text(BrokerDoor broker) {
        List<QueryStatus> all = broker.queries().statuses(Principal.LOCAL);
        return all.isEmpty()
                ? ""
                : new QueryMetrics(all.subList(0, Math.min(QUERIES_MAX, all.size()))).written();
    }

    private String written() {
        events();
        each(
                "millrace_query_output_total",
                "counter",
                "Results that a query has given",
                status -> status.counts().output());
        each(
                "millrace_query_restarts_total",
                "counter",
                "How often a query was restarted after a failure",
                QueryStatus::restarts);
        each(
                "millrace_query_lag_events",
                "gauge",
                "Stored events that a query has not read",
                QueryStatus::lagEvents);
        each(
                "millrace_query_watermark_delay_seconds",
                "gauge",
                "How far the watermark is behind the clock, NaN if that is not known",
                status -> seconds(status.watermarkDelayMillis()));
        each(
                "millrace_query_state_bytes",
                "gauge",
                "What a query keeps, at its last checkpoint",
                QueryStatus::stateBytes);
        checkpoints();
        states();
        return text.toString();
    }

    private static double seconds(long millis) {
        return millis < 0 ? Double.NaN : millis / 1000.0;
    }

    private void events() {
        String name = "millrace_query_events_total";
        head(name, "counter", "What became of the events that a query has read");
        for (QueryStatus status : queries) {
            QueryStatus.Counts counts = status.counts();
            labelled(name, status, "outcome", "counted", counts.counted());
            labelled(name, status, "outcome", "corrected", counts.corrected());
            labelled(name, status, "outcome", "late", counts.late());
            labelled(name, status, "outcome", "invalid", counts.invalid());
        }
    }

    private void checkpoints() {
        each(
                "millrace_query_checkpoint_seconds",
                "gauge",
                "How long the last checkpoint took",
                status -> status.checkpoints().durationMillis() / 1000.0);
        String name = "millrace_query_checkpoints_total";
        head(name, "counter", "Checkpoints by what became of them");
        for (QueryStatus status : queries) {
            QueryStatus.Checkpoints checkpoints = status.checkpoints();
            labelled(name, status, "outcome", "completed", checkpoints.completed());
            labelled(name, status, "outcome", "failed", checkpoints.failed());
        }
    }

    /// As a state set: 1 for the state that it has, 0 for the others.
    private void states() {
        String name = "millrace_query_state";
        head(name, "gauge", "1 for the state that a query has, 0 for the others");
        for (QueryStatus status : queries) {
            for (QueryStatus.State state : QueryStatus.State.values()) {
                String word = state.name().toLowerCase(Locale.ROOT);
                labelled(name, status, "state", word, status.state() == state ? 1 : 0);
            }
        }
    }

    private void each(String name, String type, String help, ToDoubleFunction<QueryStatus> value) {
        head(name, type, help);
        for (QueryStatus status : queries) {
            sample(name, status).append("} ").append(value.applyAsDouble(status)).append('\n');
        }
    }

    private void labelled(String name, QueryStatus status, String label, String word, long value) {
        sample(name, status).append(',').append(label).append("=\"").append(word).append("\"} ");
        text.append(value).append('\n');
    }

    /// Names need no escapes: they have letters, digits and hyphens only.
    private StringBuilder sample(String name, QueryStatus status) {
        return text.append(name).append("{query=\"").append(status.name()).append('"');
    }

    private void head(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
