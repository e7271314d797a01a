package io.millrace.gateway.http.letter;

import io.millrace.broker.DeadLetters;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.format.JsonFormat;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonBody;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.gateway.http.message.Query;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.LetterSearch;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Dead letters: searched, sent again, discarded.
public final class LetterEndpoints {
    private static final int LETTERS_MAX = 1_000;
    private static final int LETTERS_DEFAULT = 100;
    private static final int BYTES_MAX = 16 << 20;

    /// Few enough that their events fit into memory however large they are.
    private static final int PORTION = 50;

    private final BrokerDoor broker;
    private final JsonBody body = new JsonBody();
    private final JsonFormat format = new JsonFormat();
    private final LetterWriter writer = new LetterWriter();

    public LetterEndpoints(BrokerDoor broker) {
        this.broker = broker;
    }

    /// `GET /dead-letters`.
    public Answer list(Call call) {
        List<String> known = new ArrayList<>(SearchFields.NAMES);
        known.add("after");
        known.add("max");
        Query query = call.query(known.toArray(String[]::new));
        int max = query.number("max", 1, LETTERS_MAX, LETTERS_DEFAULT);
        LetterSearch search = search(query);
        JsonDocument json = new JsonDocument();
        json.beginObject().beginArray("letters");
        String next = write(json, search, query.one("after"), max);
        json.endArray().text("next", next).endObject();
        return Answer.json(json.sink());
    }

    /// @return where the next page begins
    private @Nullable String write(
            JsonDocument json, LetterSearch search, @Nullable String after, int max) {
        String next = after;
        int left = max;
        do {
            DeadLetters.Page page =
                    broker.deadLetters()
                            .search(Principal.LOCAL, search, next, Math.min(PORTION, left));
            for (DeadLetter letter : page.letters()) {
                writer.write(json, letter);
            }
            next = page.next();
            left -= page.letters().size();
            if (page.letters().isEmpty()) {
                break;
            }
        } while (next != null && left > 0 && json.sink().length() < BYTES_MAX);
        return next;
    }

    private static LetterSearch search(Query query) {
        SearchFields fields = new SearchFields();
        for (String name : SearchFields.NAMES) {
            if (SearchFields.isTime(name)) {
                fields.setTime(name, query.time(name));
                continue;
            }
            String value = query.one(name);
            String problem = value == null ? null : fields.set(name, value);
            if (problem != null) {
                throw new MillraceException(ErrorCode.REQUEST_INVALID, name, problem);
            }
        }
        return fields.search();
    }

    /// `GET /dead-letters/{id}`.
    public Answer get(Call call) {
        call.query();
        JsonDocument json = new JsonDocument();
        writer.write(json, broker.deadLetters().get(Principal.LOCAL, call.variable()));
        return Answer.json(json.sink());
    }

    /// `POST /dead-letters/resubmit`.
    public Answer resubmit(Call call) {
        call.query();
        JsonBody.check(call.contentType());
        LetterRequest request =
                body.read(call.content(), cursor -> LetterRequest.resubmission(cursor, format));
        DeadLetters.Resubmission how =
                new DeadLetters.Resubmission(
                        request.event,
                        request.transform,
                        request.perSecond,
                        request.delay == null ? Duration.ZERO : request.delay);
        DeadLetters letters = broker.deadLetters();
        return answer(
                request.search == null
                        ? letters.resubmit(Principal.LOCAL, named(request), how)
                        : letters.resubmit(Principal.LOCAL, request.search, how));
    }

    /// `POST /dead-letters/discard`.
    public Answer discard(Call call) {
        call.query();
        JsonBody.check(call.contentType());
        LetterRequest request =
                body.read(call.content(), cursor -> LetterRequest.discarding(cursor, format));
        DeadLetters letters = broker.deadLetters();
        return answer(
                request.search == null
                        ? letters.discard(Principal.LOCAL, named(request), request.reason)
                        : letters.discard(Principal.LOCAL, request.search, request.reason));
    }

    private static List<String> named(LetterRequest request) {
        return request.ids == null ? List.of() : request.ids;
    }

    private static Answer answer(DeadLetters.Outcome outcome) {
        JsonDocument json = new JsonDocument();
        json.beginObject().number("done", outcome.done()).beginArray("problems");
        outcome.problems().forEach(json::element);
        json.endArray().endObject();
        return Answer.json(json.sink());
    }
}
