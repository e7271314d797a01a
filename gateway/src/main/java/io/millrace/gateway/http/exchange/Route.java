package io.millrace.gateway.http.exchange;

/// What a request is counted as.
public enum Route {
    PUBLISH(0, "publish"),
    READ(1, "read"),
    TAIL(2, "tail"),
    STREAMS(3, "streams"),
    APPLY(4, "apply"),
    STATUS(5, "status"),
    CONTEXTS(6, "contexts"),
    SERVER(7, "server"),
    HEALTH(8, "health"),
    METRICS(9, "metrics"),
    DASHBOARD(10, "dashboard"),
    OTHER(11, "other"),
    RECEIVE(12, "receive"),
    SETTLE(13, "settle"),
    ENQUEUE(14, "enqueue"),
    SUBSCRIPTIONS(15, "subscriptions"),
    QUEUES(16, "queues"),
    DEAD_LETTERS(17, "dead-letters"),
    QUERIES(18, "queries"),
    QUERY_RUN(19, "query-run"),
    VIEWS(20, "views"),
    FEEDS(21, "feeds"),
    SOCKET(22, "socket"),
    MQTT(23, "mqtt"),
    LATEST(24, "latest");

    private final int index;
    private final String label;

    Route(int index, String label) {
        this.index = index;
        this.label = label;
    }

    /// Its place in tables.
    int index() {
        return index;
    }

    /// As in the `route` label of the metrics.
    public String label() {
        return label;
    }
}
