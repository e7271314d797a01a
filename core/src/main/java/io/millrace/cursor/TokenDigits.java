package io.millrace.cursor;

/// The numbers in a lease's token: in base 36, as short as possible, so that there is one way only
/// to write each. Tokens are read and written for every single event, hence without garbage.
public final class TokenDigits {
    private static final int RADIX = 36;
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int DIGITS_MAX = 13;

    private TokenDigits() {}

    /// Writes a number that is not negative.
    public static void write(StringBuilder out, long number) {
        int start = out.length();
        long left = number;
        do {
            out.append(DIGITS.charAt((int) (left % RADIX)));
            left /= RADIX;
        } while (left > 0);
        for (int low = start, high = out.length() - 1; low < high; low++, high--) {
            char digit = out.charAt(low);
            out.setCharAt(low, out.charAt(high));
            out.setCharAt(high, digit);
        }
    }

    /// Reads a number as [#write] writes it.
    ///
    /// @param max the largest that it may be
    /// @return -1 if there is none, or it is written in another way
    public static long read(String text, int from, int to, long max) {
        int count = to - from;
        if (count < 1 || count > DIGITS_MAX || (count > 1 && text.charAt(from) == '0')) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : -1;
            if (digit < 0 || number > (max - digit) / RADIX) {
                return -1;
            }
            number = number * RADIX + digit;
        }
        return number;
    }
}
