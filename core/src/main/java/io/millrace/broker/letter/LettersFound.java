package io.millrace.broker.letter;

import io.millrace.letter.DeadLetterStore;
import io.millrace.letter.KeptLetter;
import io.millrace.letter.LetterPage;
import io.millrace.letter.LetterSearch;
import java.util.List;

/// Letters that a search finds among those that were there when it began: what fails anew while
/// they are sent again does not come round for ever.
public final class LettersFound implements LetterRun {
    private final DeadLetterStore store;
    private final LetterAccess access;
    private final LetterSearch search;
    private final long end;
    private long next;

    public LettersFound(DeadLetterStore store, LetterAccess access, LetterSearch search) {
        this.store = store;
        this.access = access;
        this.search = search;
        this.end = store.end();
    }

    @Override
    public List<KeptLetter> next(int max, LetterTally tally) {
        LetterPage page = store.search(search, next, max, access::allows);
        next = page.next();
        return page.letters().stream().filter(kept -> kept.offset() < end).toList();
    }

    @Override
    public boolean isOver() {
        return next < 0 || next >= end;
    }
}
