package io.millrace.gateway.http;

import io.millrace.broker.DeadLetters;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.LetterSearch;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// As many letters as a test wants, of which every search finds all.
final class TestLetters implements DeadLetters {
    final List<LetterSearch> searches = new CopyOnWriteArrayList<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Resubmission> resubmissions = new CopyOnWriteArrayList<>();
    volatile int count;
    volatile String data = "1";

    private DeadLetter letter(int i) {
        return new DeadLetter(
                "l" + i,
                "Queue",
                "orders",
                i == 0 ? DeadLetter.Reason.EXPIRED : DeadLetter.Reason.ATTEMPTS_EXHAUSTED,
                "it took \"too\" long",
                i == 0 ? 0 : 503,
                i,
                i == 0 ? 0 : TestGroups.NOW,
                TestGroups.NOW + 1_000,
                "orders",
                4,
                i,
                2,
                Context.of("/a"),
                TestGroups.event("e" + i, data));
    }

    @Override
    public Page search(Principal principal, LetterSearch search, @Nullable String after, int max) {
        searches.add(search);
        int from = after == null ? 0 : Integer.parseInt(after);
        List<DeadLetter> letters = new ArrayList<>();
        for (int i = from; i < count && letters.size() < max; i++) {
            letters.add(letter(i));
        }
        int next = from + letters.size();
        return new Page(letters, next < count ? "" + next : null);
    }

    @Override
    public DeadLetter get(Principal principal, String id) {
        if (!id.equals("l1")) {
            throw new MillraceException(ErrorCode.NOT_FOUND, "id", "there is no letter " + id);
        }
        return letter(1);
    }

    @Override
    public Outcome resubmit(Principal principal, List<String> ids, Resubmission how) {
        calls.add("resubmit " + ids);
        resubmissions.add(how);
        return new Outcome(1, List.of("l9: is not there"));
    }

    @Override
    public Outcome resubmit(Principal principal, LetterSearch search, Resubmission how) {
        searches.add(search);
        resubmissions.add(how);
        return new Outcome(5, List.of());
    }

    @Override
    public Outcome discard(Principal principal, List<String> ids, String reason) {
        calls.add("discard " + ids + " " + reason);
        return new Outcome(2, List.of());
    }

    @Override
    public Outcome discard(Principal principal, LetterSearch search, String reason) {
        searches.add(search);
        calls.add("discard " + reason);
        return new Outcome(3, List.of());
    }
}
