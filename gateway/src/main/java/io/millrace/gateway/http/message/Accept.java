package io.millrace.gateway.http.message;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Chooses a media type by an `Accept` header (RFC 9110, section 12.5.1).
public final class Accept {
    private static final int RANGES_MAX = 32;

    private Accept() {}

    /// @param offered what can be produced, the default first
    /// @throws MillraceException NOT_ACCEPTABLE
    public static String choose(@Nullable String accept, List<String> offered) {
        if (accept == null || accept.isBlank()) {
            return offered.getFirst();
        }
        String best = null;
        double bestQuality = 0;
        for (String type : offered) {
            double quality = quality(accept, type);
            if (quality > bestQuality) {
                best = type;
                bestQuality = quality;
            }
        }
        if (best == null) {
            throw new MillraceException(
                    ErrorCode.NOT_ACCEPTABLE, "accept", "there is " + String.join(", ", offered));
        }
        return best;
    }

    /// The quality that the most specific range gives to a type.
    private static double quality(String accept, String type) {
        double quality = 0;
        int specificity = -1;
        for (String range : accept.split(",", RANGES_MAX)) {
            String[] parts = range.split(";");
            int matched = specificity(parts[0].strip().toLowerCase(Locale.ROOT), type);
            if (matched > specificity) {
                specificity = matched;
                quality = q(parts);
            }
        }
        return quality;
    }

    private static int specificity(String range, String type) {
        if (range.equals(type)) {
            return 2;
        }
        if (range.equals("*/*")) {
            return 0;
        }
        boolean subtypes =
                range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1));
        return subtypes ? 1 : -1;
    }

    private static double q(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=") || parameter.startsWith("Q=")) {
                try {
                    return Math.clamp(Double.parseDouble(parameter.substring(2)), 0, 1);
                } catch (NumberFormatException _) {
                    throw new MillraceException(
                            ErrorCode.REQUEST_INVALID, "accept", "has a q that is no number");
                }
            }
        }
        return 1;
    }
}
