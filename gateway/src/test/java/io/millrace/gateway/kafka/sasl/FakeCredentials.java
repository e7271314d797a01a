package io.millrace.gateway.kafka.sasl;

import io.millrace.event.Bytes;
import io.millrace.security.Principal;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Credentials in memory.
final class FakeCredentials implements CredentialStore {
    static final Bytes SALT = Bytes.wrap(Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="));

    private final TreeMap<String, ScramCredential> users = new TreeMap<>();
    private final TreeMap<String, String> tokens = new TreeMap<>();
    private Set<SaslMechanism> mechanisms = EnumSet.allOf(SaslMechanism.class);

    void user(String name, String password) {
        users.put(name, ScramCredential.of(new Principal(name), password, SALT, 4096));
    }

    void token(String token, String name) {
        tokens.put(token, name);
    }

    void offer(Set<SaslMechanism> offered) {
        mechanisms = offered;
    }

    @Override
    public Set<SaslMechanism> mechanisms() {
        return mechanisms;
    }

    @Override
    public @Nullable Principal checkPassword(String user, String password) {
        ScramCredential known = users.get(user);
        return known != null && known.matches(password) ? known.principal() : null;
    }

    @Override
    public @Nullable ScramCredential scram(String user) {
        return users.get(user);
    }

    @Override
    public @Nullable Principal checkToken(String token) {
        String name = tokens.get(token);
        return name == null ? null : new Principal(name);
    }
}
