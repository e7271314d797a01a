package io.millrace.event.transform;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// An event made from an event by a [JSONata](https://docs.jsonata.org) expression.
///
/// **What the expression sees** is one object: the attributes under their names; `context`, the
/// path of the event's context; and the data. Data that is JSON by its `datacontenttype` is the
/// value `data`; data that is text in UTF-8 by its type is the string `data`; other data is the
/// string `data_base64`. Without data neither is there. `$attributes` are the attributes alone,
/// which is how an extension called `context` is read.
///
/// **What it gives** is an object of the same form, of which an event is made:
///
/// - `type` and `source` are the original's unless given. Other attributes are only there if given;
///   `$merge([$, {…}])` keeps them all. What is passed on unchanged keeps its type.
/// - `id` is the one given, if it differs from the original's. Otherwise it is derived from the
///   original's source and id and from the expression: delivered again, the same event gets the
///   same id, and so is known as a duplicate.
/// - `causationid` is always the original's id; `correlationid` is the original's, else the one
///   given, else the original's id.
/// - `data` is written as JSON if `datacontenttype` is JSON or not given; with another type it must
///   be text. `data_base64` is decoded. `context` is ignored: a transform does not move events.
///
/// **Numbers never change silently.** What is only passed on keeps its digits: 9007199254740993 and
/// 0.1000 come out so. The evaluator computes and compares with doubles; a number of the data that
/// a double cannot hold (integers beyond 53 bits, more digits than a double has) makes the
/// transform fail when it is computed with. So do results and literals beyond 53 bits.
///
/// **The same event gives the same event.** `$now`, `$millis`, `$random`, `$shuffle` and `$eval`
/// are refused. **Runs are bounded** by [TransformLimits].
///
/// Thread-safe: compiled expressions are kept, and each is used by one thread at a time.
public final class Transform {
    public static final int EXPRESSION_LENGTH_MAX = 32 * 1024;

    private final String expression;
    private final TransformLimits limits;
    private final TransformInput input = new TransformInput();
    private final ConcurrentLinkedQueue<Evaluator> idle = new ConcurrentLinkedQueue<>();

    private Transform(String expression, TransformLimits limits) {
        this.expression = expression;
        this.limits = limits;
        idle.add(new Evaluator(expression, limits));
    }

    /// @throws MillraceException TRANSFORM_INVALID with the position of what is wrong
    public static Transform of(String expression) {
        return of(expression, TransformLimits.DEFAULT);
    }

    /// @throws MillraceException TRANSFORM_INVALID with the position of what is wrong
    public static Transform of(String expression, TransformLimits limits) {
        if (expression.length() > EXPRESSION_LENGTH_MAX || expression.isBlank()) {
            throw new MillraceException(
                    ErrorCode.TRANSFORM_INVALID,
                    "transform",
                    "the expression must have 1 to %d characters".formatted(EXPRESSION_LENGTH_MAX));
        }
        return new Transform(expression, limits);
    }

    /// The expression as it was written.
    public String expression() {
        return expression;
    }

    /// Transforms an event. Whatever goes wrong is in the answer; nothing is thrown.
    public TransformResult apply(Event event, Context context) {
        try {
            Map<String, Object> attributes = input.attributes(event);
            Object output = run(input.document(event, context, attributes), attributes);
            return new TransformResult.Transformed(made(event, output));
        } catch (MillraceException e) {
            return new TransformResult.Failed(e.problems());
        }
    }

    /// The same, with what lies between.
    public TransformPreview preview(Event event, Context context) {
        String before = null;
        String after = null;
        try {
            Map<String, Object> attributes = input.attributes(event);
            Map<String, Object> document = input.document(event, context, attributes);
            before = shown(document);
            Object output = run(document, attributes);
            after = output == null ? null : shown(output);
            return new TransformPreview(
                    before, after, new TransformResult.Transformed(made(event, output)));
        } catch (MillraceException e) {
            return new TransformPreview(before, after, new TransformResult.Failed(e.problems()));
        }
    }

    private @Nullable Object run(Map<String, Object> document, Map<String, Object> attributes) {
        Evaluator free = idle.poll();
        Evaluator evaluator = free == null ? new Evaluator(expression, limits) : free;
        try {
            return evaluator.evaluate(document, attributes);
        } finally {
            idle.add(evaluator);
        }
    }

    private Event made(Event original, @Nullable Object output) {
        return new TransformOutput(original, derivedId(original), limits.sizeMax()).event(output);
    }

    private String shown(Object value) {
        try {
            return JsonValues.write(value, limits.sizeMax());
        } catch (OutOfBounds e) {
            throw new MillraceException(ErrorCode.TRANSFORM_FAILED, "transform", e.detail());
        }
    }

    /// Each part ends with a character that attributes cannot have, so that no two inputs are
    /// alike.
    private String derivedId(Event original) {
        try {
            String parts = original.source() + '\0' + original.id() + '\0' + expression;
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Bytes.utf8(parts).toArray());
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
