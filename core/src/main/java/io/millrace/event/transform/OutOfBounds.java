package io.millrace.event.transform;

import com.dashjoin.jsonata.JException;

/// Ends a run that uses more than it may, or something that it may not use. The evaluator adds the
/// position.
final class OutOfBounds extends JException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    OutOfBounds(String detail) {
        super(detail);
        this.detail = detail;
    }

    String detail() {
        return detail;
    }

    /// An answer, not a fault: it costs no stack trace.
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
