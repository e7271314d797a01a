package io.millrace.gateway.http.message;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.format.ByteSink;
import java.util.List;

/// Problem details (RFC 9457) of an error.
public final class ProblemDocument {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPES = "https://millrace.dev/problems/";

    private ProblemDocument() {}

    public static byte[] of(MillraceException problem) {
        ByteSink out = new ByteSink(512);
        write(out, problem);
        return out.toArray();
    }

    /// Writes the document on one line.
    public static void write(ByteSink out, MillraceException problem) {
        ErrorCode code = problem.code();
        out.ascii("{\"type\":\"");
        out.ascii(TYPES);
        out.ascii(code.slug());
        out.ascii("\",\"title\":");
        JsonText.string(out, code.title());
        out.ascii(",\"status\":");
        JsonText.number(out, HttpStatus.of(code));
        out.ascii(",\"code\":");
        JsonText.number(out, code.number());
        out.ascii(",\"detail\":");
        JsonText.string(out, problem.problems().getFirst().toString());
        out.ascii(",\"errors\":");
        errors(out, problem.problems());
        out.write('}');
    }

    /// Writes an array of problems, as in the member `errors`.
    public static void errors(ByteSink out, List<Problem> problems) {
        out.write('[');
        String separator = "";
        for (Problem each : problems) {
            out.ascii(separator);
            error(out, each);
            separator = ",";
        }
        out.write(']');
    }

    private static void error(ByteSink out, Problem problem) {
        out.ascii("{\"code\":");
        JsonText.number(out, problem.code().number());
        if (problem.field() != null) {
            out.ascii(",\"field\":");
            JsonText.string(out, problem.field());
        }
        out.ascii(",\"detail\":");
        JsonText.string(out, problem.detail());
        out.write('}');
    }
}
