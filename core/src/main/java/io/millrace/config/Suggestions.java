package io.millrace.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the word that was probably meant.
public final class Suggestions {
    private static final int LENGTH_MAX = 64;

    private Suggestions() {}

    /// `; did you mean "x"?` or the list of all candidates, or nothing if there are none.
    public static String sentence(String word, Collection<String> candidates) {
        String closest = closest(word, candidates);
        if (closest != null) {
            return "; did you mean \"%s\"?".formatted(closest);
        }
        return candidates.isEmpty() ? "" : "; known are " + String.join(", ", candidates);
    }

    /// The candidate with the fewest edits, if they are few for the length of the word.
    static @Nullable String closest(String word, Collection<String> candidates) {
        if (word.length() > LENGTH_MAX) {
            return null;
        }
        String closest = null;
        int least = 1 + word.length() / 3;
        for (String candidate : candidates) {
            int edits = edits(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (edits <= least && (closest == null || edits < least)) {
                least = edits;
                closest = candidate;
            }
        }
        return closest;
    }

    /// How many letters must be inserted, removed, replaced or swapped with their neighbour
    /// (optimal string alignment).
    static int edits(String from, String to) {
        int[][] table = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            table[i][0] = i;
        }
        for (int j = 0; j <= to.length(); j++) {
            table[0][j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            for (int j = 1; j <= to.length(); j++) {
                int replace = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                int edits = Math.min(table[i - 1][j] + 1, table[i][j - 1] + 1);
                edits = Math.min(edits, table[i - 1][j - 1] + replace);
                boolean swapped =
                        i > 1
                                && j > 1
                                && from.charAt(i - 1) == to.charAt(j - 2)
                                && from.charAt(i - 2) == to.charAt(j - 1);
                table[i][j] = swapped ? Math.min(edits, table[i - 2][j - 2] + 1) : edits;
            }
        }
        return table[from.length()][to.length()];
    }
}
