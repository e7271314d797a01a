package io.millrace.query.job;

/// What made a job fail, out of what Flink writes of it.
final class Failures {
    private static final String CAUSE = "Caused by: ";

    private Failures() {}

    /// The innermost cause of a printed exception, in one sentence.
    static String text(String trace) {
        String found = firstLine(trace);
        int at = trace.lastIndexOf(CAUSE);
        if (at >= 0) {
            found = firstLine(trace.substring(at + CAUSE.length()));
        }
        int colon = found.indexOf(": ");
        // Names of classes mean nothing to whoever wrote the statement, sentences do.
        boolean named = colon > 0 && found.substring(0, colon).matches("[\\w.$]+(Exception|Error)");
        return named && colon + 2 < found.length() ? found.substring(colon + 2) : found;
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }
}
