package io.millrace.group;

import io.millrace.letter.DeadLetter;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Takes dead letters. Thread-safe.
@FunctionalInterface
public interface Burying {
    /// @return completes when the letter is on disk; the same letter twice leaves one
    CompletableFuture<@Nullable Void> bury(DeadLetter letter);
}
