package io.millrace.connect.sink;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// Why an attempt came to nothing, as a sentence for whoever looks after the subscription.
final class AttemptFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AttemptFailure(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    /// Puts what the network threw into words.
    ///
    /// @param who as in "the sink"
    static AttemptFailure of(String who, Throwable cause) {
        return switch (cause) {
            case AttemptFailure failure -> failure;
            case ConnectTimeoutException _ ->
                    new AttemptFailure(who + " did not accept a connection in time");
            case ConnectException _ -> new AttemptFailure(who + " refused the connection");
            case TimeoutException _ ->
                    new AttemptFailure("no connection to %s came about in time".formatted(who));
            case HttpClosedException _ ->
                    new AttemptFailure(who + " closed the connection before its answer was whole");
            case StreamResetException _ ->
                    new AttemptFailure(who + " broke the request off before its answer was whole");
            case NotSslRecordException _ ->
                    new AttemptFailure(who + " does not speak TLS at this port");
            case SSLException e ->
                    new AttemptFailure(
                            "no trust in a TLS connection to %s: %s".formatted(who, tls(e)));
            case DecoderException _, IllegalArgumentException _ ->
                    new AttemptFailure(who + " answered with something that is not HTTP");
            default ->
                    new AttemptFailure(
                            "the connection to %s failed (%s)"
                                    .formatted(who, cause.getClass().getSimpleName()));
        };
    }

    private static String tls(SSLException e) {
        Throwable root = e;
        for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
            root = root.getCause();
        }
        String text = String.valueOf(root.getMessage()).replaceAll("[^\\x20-\\x7E]", "?");
        return text.length() > 200 ? text.substring(0, 200) : text;
    }
}
