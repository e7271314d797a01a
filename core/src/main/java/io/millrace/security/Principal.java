package io.millrace.security;

/// An authenticated party.
///
/// @param name unique among principals
public record Principal(String name) {
    /// Whoever reaches the loopback address of a server that has no authentication configured.
    public static final Principal LOCAL = new Principal("local");

    /// The server itself.
    public static final Principal SERVER = new Principal("millrace");
}
