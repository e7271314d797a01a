package io.millrace.cli.http;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The server's refusal, as a problem document (RFC 9457).
public final class ServerProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ObjectNode document;
    private final @Nullable Duration retryAfter;

    ServerProblem(int status, ObjectNode document, @Nullable Duration retryAfter) {
        super("HTTP " + status + ": " + document.path("title").asString(""), null, false, false);
        this.status = status;
        this.document = document;
        this.retryAfter = retryAfter;
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// The document as the server sent it; made up from the status if it sent none.
    public ObjectNode document() {
        return document;
    }

    /// The stable number of the error; 0 if the answer has none.
    public int code() {
        return document.path("code").asInt(0);
    }

    /// When the server wants to be asked again, from now.
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /// Whether the same request may succeed later: the server, or a proxy before it, has too much
    /// to do or is being restarted.
    public boolean isTemporary() {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }
}
