package io.millrace.event;

/// The scheme of a URI (RFC 3986, section 3.1).
final class UriScheme {
    private UriScheme() {}

    /// Where the colon behind the scheme stands; -1 if the text begins with no scheme.
    static int end(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (c == ':') {
                return i > 0 ? i : -1;
            }
            if (!letter && (i == 0 || !other)) {
                return -1;
            }
        }
        return -1;
    }
}
