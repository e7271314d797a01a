package io.millrace.event.filter.cesql;

import java.util.ArrayList;
import java.util.List;

/// A part of a parsed expression. Immutable.
///
/// Evaluation always gives a value; when an operand has failed, it is the zero value of the node's
/// own type (CESQL, sections 3.2 and 3.3).
sealed interface Node
        permits Node.Literal,
                Node.Attribute,
                Node.Exists,
                Node.Not,
                Node.Negation,
                Node.Like,
                Node.In,
                Node.Call,
                Node.UnknownCall,
                Comparison,
                Arithmetic,
                Logic {
    /// A Boolean, an Integer or a String.
    Object evaluate(Evaluation evaluation);

    /// Writes the canonical spelling, which parses to an equal node.
    void print(StringBuilder out);

    /// The nodes that this one is made of.
    List<Node> operands();

    /// A constant.
    record Literal(Object value) implements Node {
        @Override
        public Object evaluate(Evaluation evaluation) {
            return value;
        }

        @Override
        public void print(StringBuilder out) {
            if (value instanceof String text) {
                quote(text, out);
            } else {
                out.append(value);
            }
        }

        @Override
        public List<Node> operands() {
            return List.of();
        }

        /// A backslash before a quote, or at the end, cannot be written with that quote around it.
        static void quote(String text, StringBuilder out) {
            char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
            out.append(quote).append(text.replace("" + quote, "\\" + quote)).append(quote);
        }
    }

    /// The value of an attribute.
    record Attribute(String name) implements Node {
        @Override
        public Object evaluate(Evaluation evaluation) {
            Object value = Attributes.value(evaluation.event(), name);
            if (value == null) {
                evaluation.fail(
                        CesqlErrorKind.MISSING_ATTRIBUTE,
                        "the event has no attribute \"%s\"".formatted(name));
                return false;
            }
            return value;
        }

        @Override
        public void print(StringBuilder out) {
            out.append(name);
        }

        @Override
        public List<Node> operands() {
            return List.of();
        }
    }

    /// Whether the event has an attribute.
    record Exists(String name) implements Node {
        @Override
        public Object evaluate(Evaluation evaluation) {
            return Attributes.value(evaluation.event(), name) != null;
        }

        @Override
        public void print(StringBuilder out) {
            out.append("EXISTS ").append(name);
        }

        @Override
        public List<Node> operands() {
            return List.of(new Attribute(name));
        }
    }

    /// `NOT`. An integer is no operand for it, although casts from integer to boolean exist: that
    /// is how the test kit of the specification has it.
    record Not(Node operand) implements Node {
        @Override
        public Object evaluate(Evaluation evaluation) {
            Object value = operand.evaluate(evaluation);
            if (evaluation.failed()) {
                return false;
            }
            if (value instanceof Integer number) {
                evaluation.fail(
                        CesqlErrorKind.CAST,
                        "NOT takes no number such as %d; write BOOL(...)".formatted(number));
                return true;
            }
            return !evaluation.bool(value);
        }

        @Override
        public void print(StringBuilder out) {
            out.append("NOT ");
            group(operand, out);
        }

        @Override
        public List<Node> operands() {
            return List.of(operand);
        }
    }

    /// The minus before an expression.
    record Negation(Node operand) implements Node {
        @Override
        public Object evaluate(Evaluation evaluation) {
            Object value = operand.evaluate(evaluation);
            int number = evaluation.failed() ? 0 : evaluation.integer(value);
            return Arithmetic.fitting(evaluation, -(long) number);
        }

        @Override
        public void print(StringBuilder out) {
            out.append('-');
            group(operand, out);
        }

        @Override
        public List<Node> operands() {
            return List.of(operand);
        }
    }

    /// `LIKE` and `NOT LIKE`.
    record Like(Node operand, LikePattern pattern, boolean negated) implements Node {
        @Override
        public Object evaluate(Evaluation evaluation) {
            Object value = operand.evaluate(evaluation);
            return !evaluation.failed() && pattern.matches(Evaluation.string(value)) != negated;
        }

        @Override
        public void print(StringBuilder out) {
            group(operand, out);
            out.append(negated ? " NOT LIKE " : " LIKE ");
            Literal.quote(pattern.toString(), out);
        }

        @Override
        public List<Node> operands() {
            return List.of(operand);
        }
    }

    /// `IN` and `NOT IN`: elements are cast to the type of the operand, and those after the first
    /// that is equal are not evaluated.
    record In(Node operand, List<Node> elements, boolean negated) implements Node {
        @Override
        public Object evaluate(Evaluation evaluation) {
            Object value = operand.evaluate(evaluation);
            for (int i = 0; i < elements.size() && !evaluation.failed(); i++) {
                Object element = elements.get(i).evaluate(evaluation);
                if (!evaluation.failed() && Comparison.equal(evaluation, element, value)) {
                    return !negated;
                }
            }
            return !evaluation.failed() && negated;
        }

        @Override
        public void print(StringBuilder out) {
            group(operand, out);
            out.append(negated ? " NOT IN " : " IN ");
            list(elements, out);
        }

        @Override
        public List<Node> operands() {
            List<Node> all = new ArrayList<>(elements.size() + 1);
            all.add(operand);
            all.addAll(elements);
            return all;
        }
    }

    /// A call of a function that there is.
    record Call(Function function, List<Node> arguments) implements Node {
        @Override
        public Object evaluate(Evaluation evaluation) {
            return function.call(evaluation, arguments);
        }

        @Override
        public void print(StringBuilder out) {
            out.append(function.name());
            list(arguments, out);
        }

        @Override
        public List<Node> operands() {
            return arguments;
        }
    }

    /// A call of a function that there is not: the specification makes it an error of evaluation.
    record UnknownCall(String name, List<Node> arguments) implements Node {
        @Override
        public Object evaluate(Evaluation evaluation) {
            evaluation.fail(CesqlErrorKind.MISSING_FUNCTION, "there is no function " + signature());
            return false;
        }

        /// Name and number of arguments, for messages.
        String signature() {
            return "%s with %d argument%s"
                    .formatted(name, arguments.size(), arguments.size() == 1 ? "" : "s");
        }

        @Override
        public void print(StringBuilder out) {
            out.append(name);
            list(arguments, out);
        }

        @Override
        public List<Node> operands() {
            return arguments;
        }
    }

    /// Writes an operand, in parentheses if it is made of several words.
    static void group(Node node, StringBuilder out) {
        boolean plain =
                node instanceof Attribute
                        || node instanceof Call
                        || node instanceof UnknownCall
                        || (node instanceof Literal(Object value)
                                && !(value instanceof Integer number && number < 0));
        out.append(plain ? "" : "(");
        node.print(out);
        out.append(plain ? "" : ")");
    }

    private static void list(List<Node> nodes, StringBuilder out) {
        String separator = "(";
        for (Node node : nodes) {
            out.append(separator);
            node.print(out);
            separator = ", ";
        }
        out.append(nodes.isEmpty() ? "()" : ")");
    }
}
