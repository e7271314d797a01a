package io.millrace.broker.letter;

import io.millrace.error.MillraceException;
import io.millrace.letter.DeadLetterStore;
import io.millrace.letter.KeptLetter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Letters named one by one.
public final class LettersById implements LetterRun {
    private final DeadLetterStore store;
    private final LetterAccess access;
    private final ArrayDeque<String> ids;

    public LettersById(DeadLetterStore store, LetterAccess access, List<String> ids) {
        this.store = store;
        this.access = access;
        this.ids = new ArrayDeque<>(new LinkedHashSet<>(ids));
    }

    @Override
    public List<KeptLetter> next(int max, LetterTally tally) {
        List<KeptLetter> letters = new ArrayList<>();
        while (letters.size() < max && !ids.isEmpty()) {
            String id = ids.remove();
            try {
                KeptLetter kept = store.get(id);
                if (kept == null) {
                    tally.problem(id, "there is no such dead letter");
                } else {
                    access.require(kept.letter().kind(), kept.letter().name());
                    letters.add(kept);
                }
            } catch (MillraceException e) {
                tally.problem(id, e.problems().getFirst().toString());
            }
        }
        return letters;
    }

    @Override
    public boolean isOver() {
        return ids.isEmpty();
    }
}
