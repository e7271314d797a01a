package io.millrace.config;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import java.util.ArrayList;
import java.util.List;

/// Gathers everything that is wrong with a document, so that it is reported at once. Owned by one
/// thread.
public final class ProblemCollector {
    /// How many problems are kept; whoever meets more has to come back anyway.
    public static final int PROBLEMS_MAX = 100;

    private final ErrorCode code;
    private final List<Problem> problems = new ArrayList<>();

    public ProblemCollector(ErrorCode code) {
        this.code = code;
    }

    /// @param path the field, such as `retention.time` or `[2].listeners[0].port`; empty for the
    ///   document itself
    public void add(String path, String detail) {
        add(new Problem(code, path.isEmpty() ? null : path, detail));
    }

    public void add(Problem problem) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(problem);
        }
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    public int size() {
        return problems.size();
    }

    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /// @throws MillraceException with all problems, if there are any
    public void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
    }
}
