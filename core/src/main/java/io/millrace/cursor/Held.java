package io.millrace.cursor;

/// What a cursor knows of an outstanding offset.
///
/// @param timeMillis when its lease ends, or when it is due
/// @param deliveries how often it was given out
/// @param failures how many of those failed
/// @param number of the last delivery; -1 if there was none
/// @param firstMillis when it was given out for the first time; 0 if it was not
public record Held(
        long offset,
        State state,
        long timeMillis,
        int deliveries,
        int failures,
        long number,
        long firstMillis) {
    /// What becomes of it.
    public enum State {
        LEASED,
        /// To be given out when its time has come.
        WAITING,
        /// Another of its key comes first.
        HELD,
        DEFERRED,
        /// Its own time has not come.
        SCHEDULED;

        static State of(byte state, boolean isHeldBack) {
            return switch (state) {
                case Outstanding.LEASED -> LEASED;
                case Outstanding.DEFERRED -> DEFERRED;
                case Outstanding.SCHEDULED -> SCHEDULED;
                default -> isHeldBack ? HELD : WAITING;
            };
        }
    }
}
