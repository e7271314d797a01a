package io.millrace.event.filter.cesql;

import java.util.List;

/// A comparison (CESQL, section 3.4.2). Equality compares in the type of the right operand, order
/// compares integers.
record Comparison(Operator operator, Node left, Node right) implements Node {
    /// How two values are compared.
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }
    }

    @Override
    public Object evaluate(Evaluation evaluation) {
        Object x = left.evaluate(evaluation);
        Object y = evaluation.failed() ? x : right.evaluate(evaluation);
        if (evaluation.failed()) {
            return false;
        }
        boolean holds =
                switch (operator) {
                    case EQUAL -> equal(evaluation, x, y);
                    case NOT_EQUAL -> !equal(evaluation, x, y);
                    case LESS -> evaluation.integer(x) < evaluation.integer(y);
                    case LESS_OR_EQUAL -> evaluation.integer(x) <= evaluation.integer(y);
                    case GREATER -> evaluation.integer(x) > evaluation.integer(y);
                    case GREATER_OR_EQUAL -> evaluation.integer(x) >= evaluation.integer(y);
                };
        return holds && !evaluation.failed();
    }

    /// Whether `x`, cast to the type of `y`, is `y`.
    static boolean equal(Evaluation evaluation, Object x, Object y) {
        boolean equal =
                switch (y) {
                    case Integer number -> evaluation.integer(x) == number;
                    case Boolean bool -> evaluation.bool(x) == bool;
                    default -> Evaluation.string(x).equals(y);
                };
        return equal && !evaluation.failed();
    }

    @Override
    public void print(StringBuilder out) {
        Node.group(left, out);
        out.append(' ').append(operator.sign).append(' ');
        Node.group(right, out);
    }

    @Override
    public List<Node> operands() {
        return List.of(left, right);
    }
}
