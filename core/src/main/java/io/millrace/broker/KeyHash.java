package io.millrace.broker;

/// Hashes of keys within which there is an order. Two keys with one hash wait for each other and
/// nothing worse.
final class KeyHash {
    private KeyHash() {}

    /// @return never 0, which means no key
    static long of(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        return hash == 0 ? 1 : hash;
    }
}
