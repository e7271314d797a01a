package io.millrace.event.transform;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Quoted;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One compiled expression with its watch. Used by one thread at a time: the library keeps what it
/// is doing in the compiled expression.
final class Evaluator {
    private final Jsonata expression;
    private final RunLimits limits;
    private final Jsonata.Frame frame = new Jsonata.Frame(null);

    /// @throws MillraceException TRANSFORM_INVALID with the position of what is wrong
    Evaluator(String text, TransformLimits bounds) {
        this.limits = new RunLimits(bounds);
        limits.watch(frame);
        new TextFunctions(limits).bindTo(frame);
        try {
            ExpressionText source = new ExpressionText(text);
            if (source.joins()) {
                limits.expectJoins();
            }
            for (int i = 0; i < source.patterns().size(); i++) {
                Regex regex = new Regex(source.patterns().get(i), limits);
                frame.bind(ExpressionText.name(i), regex);
            }
            this.expression = Jsonata.jsonata(source.text());
        } catch (JException e) {
            throw failure(ErrorCode.TRANSFORM_INVALID, e);
        } catch (StackOverflowError _) {
            throw failure(ErrorCode.TRANSFORM_INVALID, "the expression nests too deep");
        } catch (RuntimeException e) {
            // Its parser meets some malformed texts with whatever Java threw.
            throw failure(
                    ErrorCode.TRANSFORM_INVALID,
                    "the expression cannot be read: " + Quoted.shortened(String.valueOf(e)));
        }
        if (expression.getErrors() != null && !expression.getErrors().isEmpty()) {
            throw failure(
                    ErrorCode.TRANSFORM_INVALID,
                    "the expression cannot be read: "
                            + Quoted.shortened(
                                    String.valueOf(
                                            expression.getErrors().getFirst().getMessage())));
        }
    }

    /// Runs the expression.
    ///
    /// @param attributes also given as `$attributes`
    /// @return what it gave; `null` for nothing
    /// @throws MillraceException TRANSFORM_FAILED with the position of what is wrong
    @Nullable Object evaluate(Map<String, Object> document, Map<String, Object> attributes) {
        limits.start();
        frame.bind("attributes", attributes);
        try {
            return expression.evaluate(document, frame);
        } catch (JException e) {
            throw failure(ErrorCode.TRANSFORM_FAILED, e);
        } catch (StackOverflowError _) {
            throw failure(ErrorCode.TRANSFORM_FAILED, "the expression or its values nest too deep");
        } catch (RuntimeException e) {
            throw failure(ErrorCode.TRANSFORM_FAILED, causedBy(e));
        } finally {
            limits.start();
            frame.bind("attributes", Map.of());
        }
    }

    /// Functions of the library wrap what they threw.
    private static String causedBy(RuntimeException e) {
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof OutOfBounds)) {
            cause = Objects.requireNonNull(cause.getCause());
        }
        return cause instanceof OutOfBounds bounds
                ? bounds.detail()
                : "the expression failed: " + Quoted.shortened(String.valueOf(cause));
    }

    private static MillraceException failure(ErrorCode code, JException e) {
        String detail =
                e instanceof OutOfBounds bounds
                        ? bounds.detail()
                        : Quoted.shortened(String.valueOf(e.getMessage()));
        // The library says 0 where it does not know.
        String place = e.getLocation() <= 0 ? "" : "at character %d: ".formatted(e.getLocation());
        return failure(code, place + detail);
    }

    private static MillraceException failure(ErrorCode code, String detail) {
        return new MillraceException(code, "transform", detail);
    }
}
