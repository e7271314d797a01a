package io.millrace.delivery;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A text that must not be shown: a token, a password. Logs, errors, documents and debuggers get
/// three stars; whoever needs the text for what it is there for asks for it by [#reveal]. It has no
/// properties for a serializer to find. Immutable.
public final class Secret {
    /// What stands for every secret where it would be shown. Given as a secret, it means the one
    /// that exists.
    public static final String SHOWN = "***";

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    public static Secret of(String text) {
        return new Secret(text);
    }

    /// The text itself, to be sent to whom it is meant for and to nobody else.
    public String reveal() {
        return text;
    }

    /// Whether it is only the stars that stand for a secret that was given before.
    public boolean isPlaceholder() {
        return text.equals(SHOWN);
    }

    /// In a time that does not tell where the texts differ.
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8),
                        that.text.getBytes(StandardCharsets.UTF_8));
    }

    /// The same for all: a hash of a short secret gives it away.
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return SHOWN;
    }
}
