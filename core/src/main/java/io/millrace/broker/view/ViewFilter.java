package io.millrace.broker.view;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.filter.cesql.CesqlExpression;
import io.millrace.event.filter.cesql.CesqlSyntaxException;
import io.millrace.event.format.JsonFormat;
import io.millrace.resource.KeyTemplate;
import io.millrace.view.ViewEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Which entries a reader wants. Thread-safe.
final class ViewFilter {
    private static final JsonFormat EVENTS = new JsonFormat();
    private static final JsonMapper ROWS = JsonMapper.shared();

    private ViewFilter() {}

    /// @param texts all of which have to fit
    /// @param ofEvents whether they are expressions of CloudEvents SQL, or else `column=value`
    /// @throws MillraceException REQUEST_INVALID
    static Predicate<ViewEntry> of(List<String> texts, boolean ofEvents) {
        if (texts.isEmpty()) {
            return _ -> true;
        }
        return ofEvents ? ofEvents(texts) : ofRows(texts);
    }

    private static Predicate<ViewEntry> ofEvents(List<String> texts) {
        List<CesqlExpression> expressions = new ArrayList<>();
        for (String text : texts) {
            try {
                expressions.add(CesqlExpression.parse(text));
            } catch (CesqlSyntaxException e) {
                throw wrong("is no CloudEvents SQL expression: " + e.getMessage());
            }
        }
        return entry -> {
            Event event = EVENTS.read(entry.value());
            return expressions.stream().allMatch(expression -> expression.matches(event));
        };
    }

    /// A column is compared as it is written in JSON, a text without its quotes.
    private record Pair(String column, String value) {}

    private static Predicate<ViewEntry> ofRows(List<String> texts) {
        List<Pair> pairs = new ArrayList<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw wrong("must be column=value, since a query feeds this view");
            }
            pairs.add(new Pair(text.substring(0, equals), text.substring(equals + 1)));
        }
        return entry -> {
            JsonNode row = row(entry.value());
            return pairs.stream()
                    .allMatch(pair -> pair.value.equals(KeyTemplate.member(row, pair.column)));
        };
    }

    private static JsonNode row(Bytes json) {
        try {
            return ROWS.readTree(json.backingArray(), json.backingStart(), json.length());
        } catch (JacksonException e) {
            throw new MillraceException(
                    ErrorCode.VIEW_FAILED, "a row is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static MillraceException wrong(String detail) {
        return new MillraceException(ErrorCode.REQUEST_INVALID, "filter", detail);
    }
}
