package io.millrace.gateway.kafka.sasl;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The functions of SCRAM-SHA-256 (RFC 5802, section 2.2).
final class ScramHash {
    private static final String HASH = "SHA-256";
    private static final String HMAC = "HmacSHA256";
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private ScramHash() {}

    /// `Hi`: PBKDF2 with one block.
    static byte[] salted(String password, byte[] salt, int iterations) {
        Mac mac = mac(utf8(password));
        mac.update(salt);
        byte[] round = mac.doFinal(FIRST_BLOCK);
        byte[] result = round.clone();
        for (int i = 1; i < iterations; i++) {
            round = mac.doFinal(round);
            xorInto(result, round);
        }
        return result;
    }

    static byte[] storedKey(byte[] salted) {
        return hash(hmac(salted, utf8("Client Key")));
    }

    static byte[] serverKey(byte[] salted) {
        return hmac(salted, utf8("Server Key"));
    }

    static byte[] hmac(byte[] key, byte[] text) {
        return mac(key).doFinal(text);
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            // A password may be empty, which the class does not take for a key; RFC 2104 fills
            // keys up with zeros, so that one zero is the same key.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    static byte[] hash(byte[] text) {
        try {
            return MessageDigest.getInstance(HASH).digest(text);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static MillraceException missing(GeneralSecurityException e) {
        return new MillraceException(
                ErrorCode.INTERNAL, "the Java runtime has no " + HASH + " or " + HMAC, e);
    }

    static void xorInto(byte[] target, byte[] other) {
        for (int i = 0; i < target.length; i++) {
            target[i] ^= other[i];
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
