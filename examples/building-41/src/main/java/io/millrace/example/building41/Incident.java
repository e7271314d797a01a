package io.millrace.example.building41;

/// Something that goes wrong, or is made to go wrong, in a room for a while.
///
/// @param from seconds since local midnight
/// @param until seconds since local midnight, exclusive
/// @param peak the concentration that it drives to: ppm of methane, or percent of obscuration a
///   metre
public record Incident(Kind kind, Room room, int from, int until, double peak) {
    /// What happens.
    public enum Kind {
        /// Methane escapes.
        GAS_LEAK,
        /// Someone holds test smoke under the detector.
        SMOKE_TEST
    }

    public boolean on(int secondOfDay) {
        return secondOfDay >= from && secondOfDay < until;
    }
}
