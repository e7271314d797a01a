package io.millrace.cli.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What tells one state of the input file from another.
///
/// @param size bytes
/// @param modified when it was last written
/// @param beginning SHA-256 of its first 64 KiB, in hex
record InputFile(long size, String modified, String beginning) {
    private static final int BEGINNING_BYTES = 64 << 10;

    /// Looks at a file.
    static InputFile of(Path file) throws IOException {
        byte[] beginning;
        try (InputStream in = Files.newInputStream(file)) {
            beginning = in.readNBytes(BEGINNING_BYTES);
        }
        return new InputFile(
                Files.size(file), Files.getLastModifiedTime(file).toString(), sha256(beginning));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
