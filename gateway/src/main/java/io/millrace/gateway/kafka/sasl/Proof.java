package io.millrace.gateway.kafka.sasl;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.session.Authentication.Step;
import io.millrace.security.Principal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// One client's proof by one mechanism: a state machine. One call at a time; calls may wait for the
/// credentials.
interface Proof {
    /// @throws MillraceException UNAUTHENTICATED, after which it is over
    Step respond(byte[] response);

    /// It is clear who it is, for as long as the connection holds.
    static Step done(byte[] lastWord, Principal principal) {
        return new Step(lastWord, principal, 0);
    }

    /// The same whatever is wrong with the credentials, so that nobody learns which users there
    /// are.
    static MillraceException refused() {
        return new MillraceException(
                ErrorCode.UNAUTHENTICATED, "authentication failed: the credentials are not valid");
    }

    static MillraceException malformed(String what) {
        return new MillraceException(ErrorCode.UNAUTHENTICATED, "authentication failed: " + what);
    }

    static String text(byte[] response) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(response)).toString();
        } catch (CharacterCodingException _) {
            throw malformed("the client's message is not UTF-8 text");
        }
    }
}
