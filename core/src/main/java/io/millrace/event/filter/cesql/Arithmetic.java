package io.millrace.event.filter.cesql;

import java.util.List;

/// Arithmetic on integers of 32 bits (CESQL, section 3.4.2). What does not fit into them is a math
/// error with 0, as a division by zero is: the specification leaves overflow open, and a result
/// that wrapped around would be a wrong answer without a trace.
record Arithmetic(Operator operator, Node left, Node right) implements Node {
    /// What is done with two numbers.
    enum Operator {
        PLUS('+'),
        MINUS('-'),
        TIMES('*'),
        DIVIDED_BY('/'),
        MODULO('%');

        private final char sign;

        Operator(char sign) {
            this.sign = sign;
        }
    }

    @Override
    public Object evaluate(Evaluation evaluation) {
        Object x = left.evaluate(evaluation);
        Object y = evaluation.failed() ? x : right.evaluate(evaluation);
        if (evaluation.failed()) {
            return 0;
        }
        long a = evaluation.integer(x);
        long b = evaluation.integer(y);
        if (evaluation.failed()) {
            return 0;
        }
        return switch (operator) {
            case PLUS -> fitting(evaluation, a + b);
            case MINUS -> fitting(evaluation, a - b);
            case TIMES -> fitting(evaluation, a * b);
            case DIVIDED_BY, MODULO -> divided(evaluation, a, b);
        };
    }

    private int divided(Evaluation evaluation, long a, long b) {
        if (b == 0) {
            evaluation.fail(CesqlErrorKind.MATH, "a division by 0");
            return 0;
        }
        return fitting(evaluation, operator == Operator.MODULO ? a % b : a / b);
    }

    static int fitting(Evaluation evaluation, long number) {
        if (number != (int) number) {
            evaluation.fail(
                    CesqlErrorKind.MATH,
                    "the result %d does not fit into 32 bits".formatted(number));
            return 0;
        }
        return (int) number;
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
