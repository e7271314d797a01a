package io.millrace.cli.process;

/// A command that cannot go on, for a reason that the user can understand without a stack trace.
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Done.
    public static final int OK = 0;

    /// Refused by the server, or failed.
    public static final int FAILED = 1;

    /// The command line is wrong.
    public static final int USAGE = 2;

    /// The server cannot be reached.
    public static final int UNREACHABLE = 3;

    private final int exitCode;

    private CommandFailure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /// @param message sentences that say what is wrong and what to do
    public static CommandFailure failed(String message) {
        return new CommandFailure(FAILED, message);
    }

    /// @param message sentences that say what is wrong with the command line
    public static CommandFailure usage(String message) {
        return new CommandFailure(USAGE, message);
    }

    /// The process's exit code.
    public int exitCode() {
        return exitCode;
    }

    /// The message, which is always there.
    public String text() {
        return String.valueOf(getMessage());
    }
}
