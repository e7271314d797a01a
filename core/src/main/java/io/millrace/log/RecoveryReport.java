package io.millrace.log;

import java.time.Duration;
import java.util.List;

/// What was found when a log was opened.
///
/// @param batchesScanned batches behind the checkpoint that were checked
/// @param bytesScanned bytes behind the checkpoint that were read
/// @param cuts what was cut off, because it had not been acknowledged as durable
/// @param damages damage to data that had been acknowledged; it stays in place and its offsets
///   answer PARTITION_CORRUPT
/// @param duration how long opening took
public record RecoveryReport(
        long batchesScanned,
        long bytesScanned,
        List<Cut> cuts,
        List<Damage> damages,
        Duration duration) {
    public RecoveryReport {
        cuts = List.copyOf(cuts);
        damages = List.copyOf(damages);
    }

    /// The end of a file that was cut off, or a whole file.
    ///
    /// @param file the file's path
    /// @param position the first byte that is gone
    /// @param bytes how many are
    /// @param reason a sentence for a person
    public record Cut(String file, long position, long bytes, String reason) {}

    /// Data that should be there and is not, or not whole.
    ///
    /// @param file the file's path
    /// @param position where the damage begins
    /// @param fromOffset the first offset that cannot be read
    /// @param toOffset the next offset that can be read
    /// @param reason a sentence for a person
    public record Damage(
            String file, long position, long fromOffset, long toOffset, String reason) {}

    /// Bytes that were cut off in all.
    public long bytesCut() {
        return cuts.stream().mapToLong(Cut::bytes).sum();
    }
}
