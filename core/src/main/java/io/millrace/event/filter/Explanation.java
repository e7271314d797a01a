package io.millrace.event.filter;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Why a filter matches an event or does not: a tree in which the clauses that decided are marked.
///
/// From the root, following the decisive parts leads to the clauses that made the result what it
/// is.
///
/// @param path where the clause stands in the document, such as `filters[0].all[1].prefix.type`
/// @param clause the clause in words
/// @param matches whether the clause holds
/// @param decisive whether the clause that it is a part of has its result from this one
/// @param found what the event has in the place that the clause looks at; `null` if it looks at no
///   one place
/// @param reason why, as a sentence without a full stop
/// @param parts the clauses below it, as far as they were evaluated
public record Explanation(
        String path,
        String clause,
        boolean matches,
        boolean decisive,
        @Nullable String found,
        String reason,
        List<Explanation> parts) {
    public Explanation {
        parts = List.copyOf(parts);
    }

    /// A clause without parts.
    public static Explanation leaf(
            String path, String clause, boolean matches, @Nullable String found, String reason) {
        return new Explanation(path, clause, matches, true, found, reason, List.of());
    }

    /// All parts must hold: the first one that does not has decided, or all of them.
    public static Explanation all(String path, String clause, List<Explanation> parts) {
        return combined(path, clause, parts, false);
    }

    /// One part must hold: the first one that does has decided, or all of them.
    public static Explanation any(String path, String clause, List<Explanation> parts) {
        return combined(path, clause, parts, true);
    }

    private static Explanation combined(
            String path, String clause, List<Explanation> parts, boolean deciding) {
        int first = 0;
        while (first < parts.size() && parts.get(first).matches != deciding) {
            first++;
        }
        boolean decided = first < parts.size();
        int position = first;
        List<Explanation> marked =
                IntStream.range(0, parts.size())
                        .mapToObj(i -> parts.get(i).decisive(!decided || i == position))
                        .toList();
        String reason;
        if (decided) {
            reason = parts.get(first).path + (deciding ? " matches" : " does not match");
        } else if (parts.isEmpty()) {
            reason = "there is nothing that could say no";
        } else {
            reason = deciding ? "none of them matches" : "all of them match";
        }
        return new Explanation(path, clause, decided == deciding, true, null, reason, marked);
    }

    Explanation decisive(boolean whether) {
        return new Explanation(path, clause, matches, whether, found, reason, parts);
    }

    /// One line for each clause; those below the root that decided begin with `>`.
    public String toText() {
        StringBuilder out = new StringBuilder();
        print(0, out);
        return out.toString();
    }

    private void print(int depth, StringBuilder out) {
        out.repeat("  ", depth)
                .append(depth > 0 && decisive ? "> " : "  ")
                .append(matches ? "yes  " : "no   ")
                .append(path)
                .append(": ")
                .append(clause)
                .append("; ")
                .append(reason)
                .append('\n');
        for (Explanation part : parts) {
            part.print(depth + 1, out);
        }
    }

    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("path", path);
        json.put("clause", clause);
        json.put("matches", matches);
        json.put("decisive", decisive);
        if (found != null) {
            json.put("found", found);
        }
        json.put("reason", reason);
        if (!parts.isEmpty()) {
            ArrayNode array = json.putArray("parts");
            parts.forEach(part -> array.add(part.toJson()));
        }
        return json;
    }
}
