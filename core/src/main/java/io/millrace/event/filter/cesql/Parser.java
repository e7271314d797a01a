package io.millrace.event.filter.cesql;

import io.millrace.event.Quoted;
import io.millrace.event.filter.cesql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads tokens into nodes by recursive descent, within bounds (CESQL, sections 2 and 3.6).
final class Parser {
    /// How deep parentheses, unary operators and arguments nest.
    static final int DEPTH_MAX = 64;

    /// How many nodes an expression has.
    static final int NODES_MAX = 1_000;

    private static final Map<Kind, Logic.Operator> LOGIC =
            Map.of(
                    Kind.AND,
                    Logic.Operator.AND,
                    Kind.OR,
                    Logic.Operator.OR,
                    Kind.XOR,
                    Logic.Operator.XOR);

    private static final Map<Kind, Comparison.Operator> COMPARISONS =
            Map.of(
                    Kind.EQUAL,
                    Comparison.Operator.EQUAL,
                    Kind.NOT_EQUAL,
                    Comparison.Operator.NOT_EQUAL,
                    Kind.LESS,
                    Comparison.Operator.LESS,
                    Kind.LESS_OR_EQUAL,
                    Comparison.Operator.LESS_OR_EQUAL,
                    Kind.GREATER,
                    Comparison.Operator.GREATER,
                    Kind.GREATER_OR_EQUAL,
                    Comparison.Operator.GREATER_OR_EQUAL);

    private static final Map<Kind, Arithmetic.Operator> PRODUCTS =
            Map.of(
                    Kind.STAR,
                    Arithmetic.Operator.TIMES,
                    Kind.SLASH,
                    Arithmetic.Operator.DIVIDED_BY,
                    Kind.PERCENT,
                    Arithmetic.Operator.MODULO);

    private final List<Token> tokens;
    private int next;
    private int depth;
    private int nodes;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Node parse(String text) throws CesqlSyntaxException {
        Parser parser = new Parser(Lexer.tokens(text));
        Node node = parser.expression();
        parser.expect(Kind.END, "an operator such as AND, = or LIKE");
        return node;
    }

    private Node expression() throws CesqlSyntaxException {
        if (++depth > DEPTH_MAX) {
            throw wrong("the expression nests deeper than %d levels".formatted(DEPTH_MAX));
        }
        Node node = comparison();
        Logic.Operator operator = LOGIC.get(peek().kind());
        while (operator != null) {
            next++;
            node = counted(new Logic(operator, node, comparison()));
            operator = LOGIC.get(peek().kind());
        }
        depth--;
        return node;
    }

    private Node comparison() throws CesqlSyntaxException {
        Node node = sum();
        Comparison.Operator operator = COMPARISONS.get(peek().kind());
        while (operator != null) {
            next++;
            node = counted(new Comparison(operator, node, sum()));
            operator = COMPARISONS.get(peek().kind());
        }
        return node;
    }

    private Node sum() throws CesqlSyntaxException {
        Node node = product();
        while (peek().kind() == Kind.PLUS || peek().kind() == Kind.MINUS) {
            boolean plus = take().kind() == Kind.PLUS;
            Arithmetic.Operator operator =
                    plus ? Arithmetic.Operator.PLUS : Arithmetic.Operator.MINUS;
            node = counted(new Arithmetic(operator, node, product()));
        }
        return node;
    }

    private Node product() throws CesqlSyntaxException {
        Node node = matched();
        Arithmetic.Operator operator = PRODUCTS.get(peek().kind());
        while (operator != null) {
            next++;
            node = counted(new Arithmetic(operator, node, matched()));
            operator = PRODUCTS.get(peek().kind());
        }
        return node;
    }

    /// An operand with any number of LIKE and IN behind it.
    private Node matched() throws CesqlSyntaxException {
        Node node = unary();
        while (true) {
            boolean negated = peek().kind() == Kind.NOT;
            Kind kind = negated ? tokens.get(next + 1).kind() : peek().kind();
            if (kind == Kind.LIKE) {
                next += negated ? 2 : 1;
                Token pattern = expect(Kind.STRING, "a pattern in quotes");
                node = counted(new Node.Like(node, new LikePattern(pattern.text()), negated));
            } else if (kind == Kind.IN) {
                next += negated ? 2 : 1;
                expect(Kind.LEFT_PARENTHESIS, "( and the elements of the set");
                node = counted(new Node.In(node, list(), negated));
            } else {
                return node;
            }
        }
    }

    private Node unary() throws CesqlSyntaxException {
        Kind kind = peek().kind();
        boolean number =
                (kind == Kind.MINUS || kind == Kind.PLUS)
                        && tokens.get(next + 1).kind() == Kind.INTEGER
                        && tokens.get(next + 1).from() == peek().from() + 1;
        if (number) {
            String sign = take().text();
            return integer(sign, take());
        }
        if (kind != Kind.NOT && kind != Kind.MINUS) {
            return primary();
        }
        if (++depth > DEPTH_MAX) {
            throw wrong("the expression nests deeper than %d levels".formatted(DEPTH_MAX));
        }
        next++;
        Node operand = unary();
        depth--;
        return counted(kind == Kind.NOT ? new Node.Not(operand) : new Node.Negation(operand));
    }

    private Node primary() throws CesqlSyntaxException {
        Token token = take();
        return switch (token.kind()) {
            case TRUE -> counted(new Node.Literal(true));
            case FALSE -> counted(new Node.Literal(false));
            case STRING -> counted(new Node.Literal(token.text()));
            case INTEGER -> integer("", token);
            case WORD -> peek().kind() == Kind.LEFT_PARENTHESIS ? call(token) : attribute(token);
            case EXISTS ->
                    counted(
                            new Node.Exists(
                                    attributeName(expect(Kind.WORD, "an attribute's name"))));
            case LEFT_PARENTHESIS -> {
                Node node = expression();
                expect(Kind.RIGHT_PARENTHESIS, ")");
                yield node;
            }
            case AND,
                    OR,
                    XOR,
                    NOT,
                    LIKE,
                    IN,
                    RIGHT_PARENTHESIS,
                    COMMA,
                    PLUS,
                    MINUS,
                    STAR,
                    SLASH,
                    PERCENT,
                    EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_OR_EQUAL,
                    GREATER,
                    GREATER_OR_EQUAL,
                    END -> {
                next--;
                throw wrong("here a value, an attribute or a function is wanted" + found());
            }
        };
    }

    private Node integer(String sign, Token digits) throws CesqlSyntaxException {
        Integer number = Evaluation.parsed(sign + digits.text());
        if (number == null) {
            throw new CesqlSyntaxException(
                    digits.from() + 1,
                    "%s is outside -2147483648 to 2147483647"
                            .formatted(Quoted.shortened(sign + digits.text())));
        }
        return counted(new Node.Literal(number));
    }

    private Node attribute(Token word) throws CesqlSyntaxException {
        return counted(new Node.Attribute(attributeName(word)));
    }

    /// Names have lower case letters only, so that upper case can be nothing else.
    private static String attributeName(Token word) throws CesqlSyntaxException {
        if (word.text().indexOf('_') >= 0) {
            throw new CesqlSyntaxException(
                    word.from() + 1,
                    "\"%s\" is no attribute: names have the letters a-z and digits only"
                            .formatted(Quoted.shortened(word.text())));
        }
        return word.text().toLowerCase(Locale.ROOT);
    }

    private Node call(Token name) throws CesqlSyntaxException {
        next++;
        for (int i = 0; i < name.text().length(); i++) {
            char c = name.text().charAt(i);
            if ((c >= '0' && c <= '9') || (c == '_' && i == 0)) {
                throw new CesqlSyntaxException(
                        name.from() + 1,
                        "\"%s\" cannot be a function's name"
                                .formatted(Quoted.shortened(name.text())));
            }
        }
        List<Node> arguments = List.of();
        if (peek().kind() == Kind.RIGHT_PARENTHESIS) {
            next++;
        } else {
            arguments = list();
        }
        Function function = Function.of(name.text(), arguments.size());
        return counted(
                function == null
                        ? new Node.UnknownCall(name.text().toUpperCase(Locale.ROOT), arguments)
                        : new Node.Call(function, arguments));
    }

    /// One or more expressions up to the closing parenthesis, which is taken too.
    private List<Node> list() throws CesqlSyntaxException {
        List<Node> elements = new ArrayList<>();
        elements.add(expression());
        while (peek().kind() == Kind.COMMA) {
            next++;
            elements.add(expression());
        }
        expect(Kind.RIGHT_PARENTHESIS, ", or )");
        return List.copyOf(elements);
    }

    private Node counted(Node node) throws CesqlSyntaxException {
        if (++nodes > NODES_MAX) {
            throw wrong("the expression has more than %d parts".formatted(NODES_MAX));
        }
        return node;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        return tokens.get(next++);
    }

    private Token expect(Kind kind, String wanted) throws CesqlSyntaxException {
        if (peek().kind() != kind) {
            throw wrong("here " + wanted + " is wanted" + found());
        }
        return take();
    }

    private String found() {
        return peek().kind() == Kind.END
                ? ", but the expression ends"
                : ", but there is \"%s\"".formatted(Quoted.shortened(peek().text()));
    }

    private CesqlSyntaxException wrong(String detail) {
        return new CesqlSyntaxException(peek().from() + 1, detail);
    }
}
