package io.millrace.cli.query;

import io.millrace.cli.text.Style;
import io.millrace.cli.text.Visible;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Where in a statement something is wrong.
///
/// @param sql the statement
/// @param style colours or none
public record SqlExcerpt(String sql, Style style) {
    private static final Pattern PLACE =
            Pattern.compile("line (\\d{1,6}),? column (\\d{1,6})", Pattern.CASE_INSENSITIVE);

    /// The lines that show the place that a problem document names, and a caret under it; none if
    /// it names none.
    public List<String> of(JsonNode problem) {
        for (JsonNode error : problem.path("errors")) {
            Optional<List<String>> found = of(error.path("detail").asString(""));
            if (found.isPresent() && error.path("field").asString("sql").endsWith("sql")) {
                return found.get();
            }
        }
        return of(problem.path("detail").asString("")).orElse(List.of());
    }

    private Optional<List<String>> of(String detail) {
        Matcher place = PLACE.matcher(detail);
        return place.find()
                ? Optional.of(
                        at(Integer.parseInt(place.group(1)), Integer.parseInt(place.group(2))))
                : Optional.empty();
    }

    /// The same for a place that is known.
    ///
    /// @param line from 1
    /// @param column from 1
    public List<String> at(int line, int column) {
        List<String> lines = sql.lines().toList();
        if (line < 1 || line > lines.size() || column < 1) {
            return List.of();
        }
        String text = lines.get(line - 1);
        String before = text.substring(0, Math.min(column - 1, text.length()));
        String number = line + " | ";
        int indent = number.length() + shown(before).length();
        return List.of(
                style.dim(number) + shown(text), " ".repeat(indent) + style.red(style.bold("^")));
    }

    private static String shown(String text) {
        return Visible.of(text.replace('\t', ' '));
    }
}
