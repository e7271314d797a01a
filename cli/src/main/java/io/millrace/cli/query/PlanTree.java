package io.millrace.cli.query;

import io.millrace.cli.text.Style;
import io.millrace.cli.text.Visible;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The operators of a query as a tree of lines: results at the top, and below each operator those
/// that feed it.
public final class PlanTree {
    private final Style style;
    private final Map<String, JsonNode> nodes = new LinkedHashMap<>();
    private final Map<String, List<JsonNode>> feeding = new LinkedHashMap<>();
    private final Set<String> shown = new HashSet<>();
    private final List<String> lines = new ArrayList<>();

    private PlanTree(Style style) {
        this.style = style;
    }

    /// The lines for a plan; none if it has no operators.
    public static List<String> lines(JsonNode plan, Style style) {
        PlanTree tree = new PlanTree(style);
        Set<String> feeders = new HashSet<>();
        for (JsonNode node : plan.path("nodes")) {
            tree.nodes.put(node.path("id").asString(""), node);
        }
        for (JsonNode edge : plan.path("edges")) {
            feeders.add(edge.path("from").asString(""));
            tree.feeding
                    .computeIfAbsent(edge.path("to").asString(""), _ -> new ArrayList<>())
                    .add(edge);
        }
        tree.nodes.keySet().stream()
                .filter(id -> !feeders.contains(id))
                .forEach(id -> tree.add(id, "", "", ""));
        // What is left is fed by itself.
        tree.nodes.keySet().stream()
                .filter(id -> !tree.shown.contains(id))
                .forEach(id -> tree.add(id, "", "", ""));
        return tree.lines;
    }

    private void add(String id, String head, String below, String ship) {
        JsonNode node = nodes.get(id);
        if (node == null) {
            return;
        }
        if (!shown.add(id)) {
            lines.add(style.dim(head) + name(node) + style.dim(" (as above)"));
            return;
        }
        lines.add(style.dim(head) + name(node) + style.dim(rates(node) + ship));
        List<JsonNode> edges = feeding.getOrDefault(id, List.of());
        for (int i = 0; i < edges.size(); i++) {
            boolean last = i == edges.size() - 1;
            add(
                    edges.get(i).path("from").asString(""),
                    below + (last ? "└─ " : "├─ "),
                    below + (last ? "   " : "│  "),
                    shipped(edges.get(i)));
        }
    }

    private static String name(JsonNode node) {
        int parallelism = node.path("parallelism").asInt(1);
        String name = Visible.of(node.path("name").asString("?"));
        return parallelism > 1 ? name + " ×" + parallelism : name;
    }

    private static String rates(JsonNode node) {
        double in = node.path("inRate").asDouble(0);
        double out = node.path("outRate").asDouble(0);
        double busy = node.path("busy").asDouble(0);
        return in == 0 && out == 0 && busy == 0
                ? ""
                : String.format(
                        Locale.ROOT, "  %,.1f/s in, %,.1f/s out, %.0f%% busy", in, out, busy * 100);
    }

    private static String shipped(JsonNode edge) {
        String ship = edge.path("ship").asString("");
        return ship.isEmpty() || ship.equals("FORWARD") ? "" : "  → " + Visible.of(ship);
    }
}
