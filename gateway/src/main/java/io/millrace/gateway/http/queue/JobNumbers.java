package io.millrace.gateway.http.queue;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.consume.DeferredEndpoint;

/// The numbers of jobs as clients write them.
public final class JobNumbers {
    static final String EXPECTED = "must be the number of a job, such as 4-17";

    /// The digits of the largest offset.
    private static final int DIGITS_MAX = 19;

    /// For requests that name several.
    public static final DeferredEndpoint.Numbers NUMBERS =
            new DeferredEndpoint.Numbers() {
                @Override
                public boolean isNumber(String text) {
                    return JobNumbers.isNumber(text);
                }

                @Override
                public String expected() {
                    return EXPECTED;
                }
            };

    private JobNumbers() {}

    /// Whether it may be a job's: a lane, a hyphen and an offset.
    static boolean isNumber(String text) {
        boolean shaped = text.length() > 2 && isDigit(text.charAt(0)) && text.charAt(1) == '-';
        return shaped
                && text.length() <= 2 + DIGITS_MAX
                && text.chars().skip(2).allMatch(JobNumbers::isDigit);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /// @throws MillraceException REQUEST_INVALID naming `field`
    static String checked(String field, String text) {
        if (isNumber(text)) {
            return text;
        }
        throw new MillraceException(ErrorCode.REQUEST_INVALID, field, EXPECTED);
    }
}
