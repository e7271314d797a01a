package io.millrace.gateway.http;

/// What a request is counted as.
enum Route {
    PUBLISH("publish"),
    READ("read"),
    TAIL("tail"),
    STREAMS("streams"),
    APPLY("apply"),
    STATUS("status"),
    CONTEXTS("contexts"),
    SERVER("server"),
    HEALTH("health"),
    METRICS("metrics"),
    DASHBOARD("dashboard"),
    OTHER("other");

    private final String label;

    Route(String label) {
        this.label = label;
    }

    /// As in the `route` label of the metrics.
    String label() {
        return label;
    }
}
