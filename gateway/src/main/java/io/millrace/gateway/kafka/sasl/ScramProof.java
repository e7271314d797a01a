package io.millrace.gateway.kafka.sasl;

import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.session.Authentication.Step;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding. A user who does not exist is treated
/// like one whose password is wrong, up to the last word.
final class ScramProof implements Proof {
    private static final int SHA_256_BYTES = 32;

    private final CredentialStore store;
    private final ScramDecoys decoys;
    private final String serverNonce;

    private @Nullable ClientFirst first;
    private @Nullable ScramCredential credential;
    private boolean isDecoy;
    private String serverFirst = "";
    private boolean isOver;

    /// @param serverNonce unguessable, printable, without a comma; never used before
    ScramProof(CredentialStore store, ScramDecoys decoys, String serverNonce) {
        this.store = store;
        this.decoys = decoys;
        this.serverNonce = serverNonce;
    }

    @Override
    public Step respond(byte[] response) {
        if (isOver) {
            throw Proof.malformed("the exchange is over");
        }
        String message = Proof.text(response);
        ClientFirst begun = first;
        ScramCredential known = credential;
        if (begun == null || known == null) {
            return begin(ClientFirst.parse(message));
        }
        isOver = true;
        return finish(begun, known, ClientFinal.parse(message));
    }

    private Step begin(ClientFirst message) {
        ScramCredential found = store.scram(message.user());
        isDecoy = found == null;
        ScramCredential used = found == null ? decoys.of(message.user()) : found;
        credential = used;
        first = message;
        serverFirst =
                "r=%s%s,s=%s,i=%d"
                        .formatted(
                                message.nonce(),
                                serverNonce,
                                Base64.getEncoder().encodeToString(used.salt().toArray()),
                                used.iterations());
        return new Step(ScramHash.utf8(serverFirst), null, 0);
    }

    private Step finish(ClientFirst begun, ScramCredential known, ClientFinal message) {
        boolean isSameExchange =
                message.nonce().equals(begun.nonce() + serverNonce)
                        && MessageDigest.isEqual(
                                message.channelBinding(), ScramHash.utf8(begun.header()));
        byte[] said =
                ScramHash.utf8(begun.bare() + "," + serverFirst + "," + message.withoutProof());
        boolean isProved = isProved(known, message.proof(), said);
        boolean isOther =
                !begun.authorizationId().isEmpty() && !begun.authorizationId().equals(begun.user());
        if (!isSameExchange || !isProved || isDecoy || isOther) {
            throw Proof.refused();
        }
        byte[] signature = ScramHash.hmac(known.serverKey().toArray(), said);
        String last = "v=" + Base64.getEncoder().encodeToString(signature);
        return Proof.done(ScramHash.utf8(last), known.principal());
    }

    private static boolean isProved(ScramCredential known, Bytes proof, byte[] said) {
        if (proof.length() != SHA_256_BYTES) {
            return false;
        }
        byte[] storedKey = known.storedKey().toArray();
        byte[] clientKey = ScramHash.hmac(storedKey, said);
        ScramHash.xorInto(clientKey, proof.toArray());
        return MessageDigest.isEqual(ScramHash.hash(clientKey), storedKey);
    }
}
