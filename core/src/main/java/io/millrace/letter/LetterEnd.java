package io.millrace.letter;

import java.util.Locale;

/// Why a dead letter is not kept any more.
public enum LetterEnd {
    /// The one who had failed has taken it again.
    RESUBMITTED,
    /// A person said that it is not wanted.
    DISCARDED,
    /// It was kept as long as letters are.
    EXPIRED,
    /// There were too many, and it was the oldest.
    DROPPED;

    /// As it stands in records: `resubmitted`.
    public String slug() {
        return name().toLowerCase(Locale.ROOT);
    }
}
