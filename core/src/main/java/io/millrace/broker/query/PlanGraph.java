package io.millrace.broker.query;

import java.util.List;

/// The operators of a query and what flows between them.
public record PlanGraph(List<Node> nodes, List<Edge> edges) {
    public static final PlanGraph EMPTY = new PlanGraph(List.of(), List.of());

    /// @param detail everything that is known of it
    /// @param inRate rows a second; 0 if it does not run
    /// @param outRate rows a second
    /// @param busy share of the time in which it works, 0 to 1
    /// @param backpressured share of the time in which it waits for those behind it
    public record Node(
            String id,
            String name,
            String detail,
            int parallelism,
            double inRate,
            double outRate,
            double busy,
            double backpressured) {}

    /// @param ship how rows are divided, such as `HASH`
    public record Edge(String from, String to, double rate, String ship) {}
}
