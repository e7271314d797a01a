package io.millrace.gateway.kafka.sasl;

import io.millrace.gateway.kafka.session.Authentication.Step;
import io.millrace.security.Principal;

/// PLAIN (RFC 4616): `[authorization id] NUL user NUL password`, in one message.
final class PlainProof implements Proof {
    private final CredentialStore store;

    PlainProof(CredentialStore store) {
        this.store = store;
    }

    @Override
    public Step respond(byte[] response) {
        String[] words = Proof.text(response).split("\0", -1);
        if (words.length != 3 || words[1].isEmpty() || words[2].isEmpty()) {
            throw Proof.malformed(
                    "PLAIN takes an authorization id, which may be empty, a user and a password");
        }
        Principal principal = store.checkPassword(words[1], words[2]);
        boolean isOther = !words[0].isEmpty() && !words[0].equals(words[1]);
        if (principal == null || isOther) {
            throw Proof.refused();
        }
        return Proof.done(new byte[0], principal);
    }
}
