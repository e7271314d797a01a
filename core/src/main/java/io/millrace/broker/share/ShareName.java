package io.millrace.broker.share;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// Names of subscriptions that are created for share groups.
public final class ShareName {
    private static final int PART_MAX = 24;
    private static final int HASH_BYTES = 4;

    private ShareName() {}

    /// The same for the same group and topic; readable, and unlike every other one.
    public static String of(String group, String topic) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest((group + '\n' + topic).getBytes(StandardCharsets.UTF_8));
            return "share-%s-%s-%s"
                    .formatted(
                            part(group),
                            part(topic),
                            HexFormat.of().formatHex(hash, 0, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String part(String text) {
        String lower = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String cut = lower.length() > PART_MAX ? lower.substring(0, PART_MAX) : lower;
        String bare = cut.replaceAll("^-+|-+$", "");
        return bare.isEmpty() ? "x" : bare;
    }
}
