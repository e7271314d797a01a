package io.millrace.broker.letter;

import java.util.ArrayList;
import java.util.List;

/// Adds up what became of many letters. Owned by one thread.
public final class LetterTally {
    /// Of more problems only their number is told.
    static final int PROBLEMS_MAX = 100;

    private final List<String> problems = new ArrayList<>();
    private int done;
    private int untold;

    public void done(int count) {
        done += count;
    }

    public void problem(String id, String sentence) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(id + ": " + sentence);
        } else {
            untold++;
        }
    }

    /// How many were done.
    public int done() {
        return done;
    }

    /// What was told of the others, each with its id.
    public List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        if (untold > 0) {
            all.add("and %d more have problems".formatted(untold));
        }
        return all;
    }

    /// For the log.
    @Override
    public String toString() {
        return done + " done, problems: " + problems();
    }
}
