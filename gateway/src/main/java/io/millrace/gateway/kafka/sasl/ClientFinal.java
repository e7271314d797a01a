package io.millrace.gateway.kafka.sasl;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.util.Base64;

/// The last message of a client in SCRAM (RFC 5802, section 7): `c=biws,r=nonce,p=proof`.
///
/// @param channelBinding the header of the first message, once more
/// @param withoutProof what stands before the proof, as it was sent
record ClientFinal(byte[] channelBinding, String nonce, Bytes proof, String withoutProof) {

    /// @throws MillraceException UNAUTHENTICATED
    static ClientFinal parse(String message) {
        int proofAt = message.lastIndexOf(",p=");
        String[] fields = message.split(",", -1);
        if (proofAt < 0
                || fields.length < 3
                || !fields[0].startsWith("c=")
                || !fields[1].startsWith("r=")) {
            throw Proof.malformed("the client's last message has no nonce or no proof");
        }
        return new ClientFinal(
                base64(fields[0].substring(2)),
                fields[1].substring(2),
                Bytes.wrap(base64(message.substring(proofAt + 3))),
                message.substring(0, proofAt));
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw Proof.malformed("the client's last message has something that is not base64");
        }
    }
}
