package io.millrace.view;

/// Bounds of what readers of one view may make it hold.
///
/// @param followersMax who may follow it at once
/// @param changesMax keys with a change that may wait for one follower
/// @param bytesMax about how much memory those may take
/// @param scanMax entries that one page may look at
public record ViewLimits(int followersMax, int changesMax, long bytesMax, int scanMax) {
    public static final ViewLimits DEFAULT = new ViewLimits(256, 65_536, 32 << 20, 100_000);
}
