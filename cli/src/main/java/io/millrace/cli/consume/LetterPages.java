package io.millrace.cli.consume;

import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.http.PatientApi;
import io.millrace.cli.text.Json;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Dead letters that a search finds, page by page.
///
/// Not thread-safe.
public final class LetterPages {
    private static final int PAGE_MAX = 200;

    private final PatientApi patient;
    private final Json json;
    private final Map<String, String> search;

    /// @param search parameters of the API and their values
    public LetterPages(PatientApi patient, Json json, Map<String, String> search) {
        this.patient = patient;
        this.json = json;
        this.search = search;
    }

    /// Hands out what is found, oldest first, as long as more is wanted.
    ///
    /// @param letters tells whether it wants more
    /// @return whether there is more, or the process ended before all were seen
    public boolean each(Predicate<JsonNode> letters) throws InterruptedException {
        String after = null;
        do {
            Optional<Answer> answer = patient.send(patient.api().get(path(after)).build());
            if (answer.isEmpty()) {
                return true;
            }
            JsonNode page = answer.get().json(json);
            after = page.path("next").asString("");
            int left = page.path("letters").size();
            for (JsonNode letter : page.path("letters")) {
                left--;
                if (!letters.test(letter)) {
                    return left > 0 || !after.isEmpty();
                }
            }
        } while (!after.isEmpty());
        return false;
    }

    private String path(@Nullable String after) {
        StringBuilder path = new StringBuilder("/dead-letters?max=").append(PAGE_MAX);
        search.forEach((key, value) ->
                path.append('&').append(key).append('=').append(Encoding.parameter(value)));
        if (after != null) {
            path.append("&after=").append(Encoding.parameter(after));
        }
        return path.toString();
    }
}
