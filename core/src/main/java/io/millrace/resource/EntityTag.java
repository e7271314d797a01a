package io.millrace.resource;

import io.millrace.event.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.node.ObjectNode;

/// Strong entity tags (RFC 9110, section 8.8.3) of canonical documents.
public final class EntityTag {
    private static final int BYTES = 12;

    private EntityTag() {}

    /// The tag with its quotes: a part of the SHA-256 of the document's JSON.
    public static String of(ObjectNode canonical) {
        return of(Bytes.utf8(canonical.toString()), "");
    }

    /// The tag of stored JSON and of what belongs to it without being a part of it.
    ///
    /// @param beside empty if there is nothing
    public static String of(Bytes json, String beside) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(json.backingArray(), json.backingStart(), json.length());
            byte[] hash = digest.digest(beside.getBytes(StandardCharsets.UTF_8));
            return "\"" + HexFormat.of().formatHex(hash, 0, BYTES) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
