package io.millrace.event.filter.cesql;

import java.util.List;

/// `AND`, `OR` and `XOR` (CESQL, section 3.6): of equal precedence, from left to right; the right
/// operand of the first two is evaluated only where the left one does not decide.
record Logic(Operator operator, Node left, Node right) implements Node {
    /// How two booleans are put together.
    enum Operator {
        AND,
        OR,
        XOR
    }

    @Override
    public Object evaluate(Evaluation evaluation) {
        boolean x = operand(left, evaluation);
        if (evaluation.failed() || decides(x)) {
            return !evaluation.failed() && x;
        }
        boolean y = operand(right, evaluation);
        if (evaluation.failed()) {
            return false;
        }
        return switch (operator) {
            case AND, OR -> y;
            case XOR -> x != y;
        };
    }

    /// Whether the left operand alone is the result.
    boolean decides(boolean x) {
        return switch (operator) {
            case AND -> !x;
            case OR -> x;
            case XOR -> false;
        };
    }

    private static boolean operand(Node node, Evaluation evaluation) {
        Object value = node.evaluate(evaluation);
        return !evaluation.failed() && evaluation.bool(value);
    }

    @Override
    public void print(StringBuilder out) {
        // From left to right: a chain of the same level needs no parentheses on its left.
        if (left instanceof Logic) {
            left.print(out);
        } else {
            operand(left, out);
        }
        out.append(' ').append(operator).append(' ');
        operand(right, out);
    }

    private static void operand(Node node, StringBuilder out) {
        if (node instanceof Logic) {
            Node.group(node, out);
        } else {
            node.print(out);
        }
    }

    @Override
    public List<Node> operands() {
        return List.of(left, right);
    }
}
