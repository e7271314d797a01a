package io.millrace.gateway.kafka.sasl;

import io.millrace.gateway.kafka.session.Authentication.Step;
import io.millrace.security.Principal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// OAUTHBEARER (RFC 7628): a token, `n,a=user,^Aauth=Bearer token^A^A`. A client whose token is
/// refused is told so as JSON, says that it has understood, and is turned away.
final class BearerProof implements Proof {
    private static final char SEPARATOR = '\u0001';
    private static final String SCHEME = "bearer ";
    private static final String REFUSAL = "{\"status\":\"invalid_token\"}";

    private final CredentialStore store;
    private boolean isOver;

    BearerProof(CredentialStore store) {
        this.store = store;
    }

    @Override
    public Step respond(byte[] response) {
        if (isOver) {
            throw Proof.refused();
        }
        isOver = true;
        String message = Proof.text(response);
        int headerEnd = message.indexOf(SEPARATOR);
        if (headerEnd < 0
                || !message.endsWith("" + SEPARATOR + SEPARATOR)
                || message.length() < headerEnd + 3) {
            throw Proof.malformed("the client's message is none of OAUTHBEARER");
        }
        String authorizationId = authorizationId(message.substring(0, headerEnd));
        String token = token(message.substring(headerEnd + 1, message.length() - 2));
        Principal principal = store.checkToken(token);
        boolean isOther =
                principal != null
                        && !authorizationId.isEmpty()
                        && !authorizationId.equals(principal.name());
        if (principal == null || isOther) {
            return new Step(ScramHash.utf8(REFUSAL), null, 0);
        }
        return Proof.done(new byte[0], principal);
    }

    private static String authorizationId(String header) {
        if (!header.startsWith("n,") || !header.endsWith(",") || header.length() < 3) {
            throw Proof.malformed("the client's message has no header of OAUTHBEARER");
        }
        String id = header.substring(2, header.length() - 1);
        if (!id.isEmpty() && !id.startsWith("a=")) {
            throw Proof.malformed("the client's message has no authorization id at its place");
        }
        return id.isEmpty() ? "" : id.substring(2).replace("=2C", ",").replace("=3D", "=");
    }

    private static String token(String pairs) {
        String auth = null;
        for (String pair : pairs.split("" + SEPARATOR, -1)) {
            if (pair.startsWith("auth=")) {
                auth = unique(auth, pair.substring("auth=".length()));
            }
        }
        if (auth == null || !auth.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw Proof.malformed("the client's message has no bearer token");
        }
        String token = auth.substring(SCHEME.length()).strip();
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw Proof.malformed("the client's token is empty or not printable");
        }
        return token;
    }

    private static String unique(@Nullable String before, String auth) {
        if (before != null) {
            throw Proof.malformed("the client's message has two tokens");
        }
        return auth;
    }
}
