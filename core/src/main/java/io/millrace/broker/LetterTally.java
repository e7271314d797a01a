package io.millrace.broker;

import io.millrace.broker.DeadLetters.Outcome;
import java.util.ArrayList;
import java.util.List;

/// Adds up what became of many letters. Owned by one thread.
final class LetterTally {
    /// Of more problems only their number is told.
    static final int PROBLEMS_MAX = 100;

    private final List<String> problems = new ArrayList<>();
    private int done;
    private int untold;

    void done(int count) {
        done += count;
    }

    void problem(String id, String sentence) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(id + ": " + sentence);
        } else {
            untold++;
        }
    }

    Outcome outcome() {
        List<String> all = new ArrayList<>(problems);
        if (untold > 0) {
            all.add("and %d more have problems".formatted(untold));
        }
        return new Outcome(done, all);
    }
}
