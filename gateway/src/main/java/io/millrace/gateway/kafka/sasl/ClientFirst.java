package io.millrace.gateway.kafka.sasl;

import io.millrace.error.MillraceException;

/// The first message of a client in SCRAM (RFC 5802, section 7): `n,a=admin,n=user,r=nonce`.
///
/// @param header as it was sent: the flag of channel binding and the authorization id
/// @param bare what follows the header, as it was sent
/// @param authorizationId empty if none was sent
record ClientFirst(String header, String bare, String authorizationId, String user, String nonce) {

    /// @throws MillraceException UNAUTHENTICATED
    static ClientFirst parse(String message) {
        // "y": the client could bind to the channel but knows that the server does not offer it.
        if (!message.startsWith("n,") && !message.startsWith("y,")) {
            throw Proof.malformed("channel binding is not supported");
        }
        int headerEnd = message.indexOf(',', 2);
        if (headerEnd < 0) {
            throw Proof.malformed("the client's first message ends too early");
        }
        String authorization = message.substring(2, headerEnd);
        if (!authorization.isEmpty() && !authorization.startsWith("a=")) {
            throw Proof.malformed(
                    "the client's first message has no authorization id at its place");
        }
        String bare = message.substring(headerEnd + 1);
        String[] fields = bare.split(",", -1);
        if (fields.length < 2 || !fields[0].startsWith("n=") || !fields[1].startsWith("r=")) {
            throw Proof.malformed("the client's first message has no user or no nonce");
        }
        for (int i = 2; i < fields.length; i++) {
            if (fields[i].equals("tokenauth=true")) {
                throw Proof.malformed("delegation tokens are not supported");
            }
        }
        String nonce = fields[1].substring(2);
        if (nonce.isEmpty() || !nonce.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw Proof.malformed("the client's nonce is empty or not printable");
        }
        return new ClientFirst(
                message.substring(0, headerEnd + 1),
                bare,
                authorization.isEmpty() ? "" : name(authorization.substring(2)),
                name(fields[0].substring(2)),
                nonce);
    }

    /// A name in which `=2C` stands for a comma and `=3D` for an equals sign.
    private static String name(String encoded) {
        if (encoded.isEmpty()) {
            throw Proof.malformed("a name is empty");
        }
        String rest = encoded.replace("=2C", "").replace("=3D", "");
        if (rest.indexOf('=') >= 0) {
            throw Proof.malformed("a name has = in it that is not =2C or =3D");
        }
        return encoded.replace("=2C", ",").replace("=3D", "=");
    }
}
