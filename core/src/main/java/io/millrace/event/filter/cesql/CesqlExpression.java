package io.millrace.event.filter.cesql;

import io.millrace.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A CESQL expression, parsed once and prepared for evaluation (CloudEvents SQL Expression Language
/// 1.0.0). Immutable; any thread may evaluate it.
///
/// Two expressions are equal if their texts are.
public final class CesqlExpression {
    /// How many characters the text of an expression may have.
    public static final int LENGTH_MAX = 4_096;

    private static final int TRACE_DEPTH_MAX = 32;
    private static final int TRACE_TEXT_MAX = 256;

    private final String text;
    private final Node root;

    private CesqlExpression(String text, Node root) {
        this.text = text;
        this.root = root;
    }

    /// @throws CesqlSyntaxException if the text is no expression, or is beyond the bounds of
    ///   length, depth and number of parts
    public static CesqlExpression parse(String text) throws CesqlSyntaxException {
        if (text.length() > LENGTH_MAX) {
            throw new CesqlSyntaxException(
                    LENGTH_MAX + 1,
                    "the expression is longer than %d characters".formatted(LENGTH_MAX));
        }
        return new CesqlExpression(text, Parser.parse(text));
    }

    /// As it was written.
    public String text() {
        return text;
    }

    /// The same expression in one spelling: keywords in capitals, every order of evaluation in
    /// parentheses where it is not the order of reading.
    public String canonical() {
        StringBuilder out = new StringBuilder();
        root.print(out);
        return out.toString();
    }

    /// Whether the result is `true` without an error, as a filter has it (section 1.2).
    public boolean matches(Event event) {
        Evaluation evaluation = new Evaluation(event);
        Object value = root.evaluate(evaluation);
        return !evaluation.failed() && value instanceof Boolean bool && bool;
    }

    public CesqlResult evaluate(Event event) {
        return evaluate(root, event);
    }

    /// The result with the parts that it was made of.
    public CesqlTrace trace(Event event) {
        return trace(root, event, 0, true);
    }

    /// The functions that are called and do not exist, with their numbers of arguments. Such an
    /// expression may fail whenever it is evaluated.
    public List<String> unknownFunctions() {
        Set<String> unknown = new LinkedHashSet<>();
        collectUnknown(root, unknown);
        return List.copyOf(unknown);
    }

    private static void collectUnknown(Node node, Set<String> unknown) {
        if (node instanceof Node.UnknownCall call) {
            unknown.add(call.signature());
        }
        for (Node operand : node.operands()) {
            collectUnknown(operand, unknown);
        }
    }

    private static CesqlResult evaluate(Node node, Event event) {
        Evaluation evaluation = new Evaluation(event);
        Object value = node.evaluate(evaluation);
        return evaluation.result(value);
    }

    private static CesqlTrace trace(Node node, Event event, int depth, boolean decisive) {
        List<CesqlTrace> parts = List.of();
        if (depth < TRACE_DEPTH_MAX) {
            parts =
                    switch (node) {
                        case Logic logic -> operands(logic, event, depth);
                        case Node.Not not -> List.of(trace(not.operand(), event, depth + 1, true));
                        case Node other -> attributes(other, event, depth);
                    };
        }
        StringBuilder text = new StringBuilder();
        node.print(text);
        if (text.length() > TRACE_TEXT_MAX) {
            text.setLength(TRACE_TEXT_MAX);
            text.append('…');
        }
        return new CesqlTrace(text.toString(), evaluate(node, event), decisive, parts);
    }

    /// The operands of a whole chain of the same operator, up to the one that decides.
    private static List<CesqlTrace> operands(Logic logic, Event event, int depth) {
        Deque<Node> chain = new ArrayDeque<>();
        Node left = logic;
        while (left instanceof Logic same && same.operator() == logic.operator()) {
            chain.addFirst(same.right());
            left = same.left();
        }
        chain.addFirst(left);
        List<CesqlTrace> parts = new ArrayList<>();
        while (!chain.isEmpty()) {
            Node operand = chain.removeFirst();
            CesqlResult result = evaluate(operand, event);
            boolean decided =
                    chain.isEmpty()
                            || result.error() != null
                            || (result.value() instanceof Boolean value && logic.decides(value));
            parts.add(trace(operand, event, depth + 1, decided));
            if (decided) {
                return List.copyOf(parts);
            }
        }
        return List.copyOf(parts);
    }

    private static List<CesqlTrace> attributes(Node node, Event event, int depth) {
        Set<Node> attributes = new LinkedHashSet<>();
        node.operands().forEach(operand -> collectAttributes(operand, attributes));
        List<CesqlTrace> parts = new ArrayList<>();
        attributes.forEach(attribute -> parts.add(trace(attribute, event, depth + 1, false)));
        return List.copyOf(parts);
    }

    private static void collectAttributes(Node node, Set<Node> attributes) {
        if (node instanceof Node.Attribute) {
            attributes.add(node);
        }
        for (Node operand : node.operands()) {
            collectAttributes(operand, attributes);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CesqlExpression that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
