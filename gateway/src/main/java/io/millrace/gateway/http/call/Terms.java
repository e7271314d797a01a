package io.millrace.gateway.http.call;

/// On what terms requests of one kind are taken.
///
/// @param places how many are answered at the same time
/// @param bodyMax how many bytes the body may have; 0 if there must be none
/// @param batchMax the same for a batch of events
/// @param carriesEvents whether the body may be events in the HTTP binding, whose attributes may be
///   headers
/// @param waits whether it may wait for something to happen, so that it is interrupted when nobody
///   waits for the answer any more
public record Terms(
        Places places, int bodyMax, int batchMax, boolean carriesEvents, boolean waits) {
    public static Terms withoutBody(Places places) {
        return new Terms(places, 0, 0, false, false);
    }

    /// @param bodyMax how many bytes the body may have
    public static Terms document(Places places, int bodyMax) {
        return new Terms(places, bodyMax, bodyMax, false, false);
    }

    /// @param bodyMax how many bytes a single event may have
    public static Terms events(Places places, int bodyMax, int batchMax) {
        return new Terms(places, bodyMax, batchMax, true, false);
    }

    /// The same for requests that may wait.
    public Terms waiting() {
        return new Terms(places, bodyMax, batchMax, carriesEvents, true);
    }

    boolean takesBody() {
        return bodyMax > 0;
    }
}
