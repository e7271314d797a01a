package io.millrace.cli.http;

import java.io.IOException;
import java.net.URI;

/// The server did not answer: nobody listens there, or the connection broke.
public final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Unreachable(URI server, IOException cause) {
        super("cannot reach the server at " + server, cause, false, false);
        this.reason = reason(cause);
    }

    /// What happened to the connection, in a few words.
    public String reason() {
        return reason;
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case java.net.http.HttpConnectTimeoutException _ -> "the connection timed out";
            case java.net.http.HttpTimeoutException _ -> "no answer came in time";
            case java.net.ConnectException e when isUnresolved(e) -> "no such host is known";
            case java.net.ConnectException _ -> "the connection was refused";
            default -> {
                String message = cause.getMessage();
                yield message == null || message.isBlank()
                        ? "the connection broke"
                        : "the connection broke: " + message;
            }
        };
    }

    /// The JDK's client hides this cause one level down.
    private static boolean isUnresolved(IOException e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof java.nio.channels.UnresolvedAddressException
                    || t instanceof java.net.UnknownHostException) {
                return true;
            }
        }
        return false;
    }
}
