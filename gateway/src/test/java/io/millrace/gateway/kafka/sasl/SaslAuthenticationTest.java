package io.millrace.gateway.kafka.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.session.Authentication;
import io.millrace.io.Randomness;
import io.millrace.security.Principal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerSaslClient;
import org.apache.kafka.common.security.scram.internals.ScramSaslClient;
import org.junit.jupiter.api.Test;

/// With the clients' side of Kafka's own library at the other end.
class SaslAuthenticationTest {
    private final FakeCredentials store = new FakeCredentials();
    private final SaslGate gate =
            new SaslGate(
                    store,
                    new ScramDecoys(Bytes.utf8("secret"), 4096),
                    Randomness.unguessable(),
                    2);

    private static CallbackHandler user(String name, String password) {
        return callbacks -> {
            for (Callback callback : callbacks) {
                switch (callback) {
                    case NameCallback asked -> asked.setName(name);
                    case PasswordCallback asked -> asked.setPassword(password.toCharArray());
                    default -> throw new UnsupportedCallbackException(callback);
                }
            }
        };
    }

    private static SaslClient scram(String name, String password) throws SaslException {
        return new ScramSaslClient.ScramSaslClientFactory()
                .createSaslClient(
                        new String[] {"SCRAM-SHA-256"},
                        null,
                        "kafka",
                        "localhost",
                        Map.of(),
                        user(name, password));
    }

    private static SaslClient plain(String name, String password) throws SaslException {
        return Sasl.createSaslClient(
                new String[] {"PLAIN"}, null, "kafka", "localhost", Map.of(), user(name, password));
    }

    private record Token(String value) implements OAuthBearerToken {
        @Override
        public Set<String> scope() {
            return Set.of();
        }

        @Override
        public long lifetimeMs() {
            return Long.MAX_VALUE;
        }

        @Override
        public String principalName() {
            return "somebody";
        }

        @Override
        public Long startTimeMs() {
            return 0L;
        }
    }

    private static SaslClient bearer(String token) {
        return new OAuthBearerSaslClient(
                new AuthenticateCallbackHandler() {
                    @Override
                    public void configure(
                            Map<String, ?> configs,
                            String mechanism,
                            java.util.List<javax.security.auth.login.AppConfigurationEntry>
                                    entries) {}

                    @Override
                    public void close() {}

                    @Override
                    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
                        for (Callback callback : callbacks) {
                            switch (callback) {
                                case OAuthBearerTokenCallback asked ->
                                        asked.token(new Token(token));
                                case SaslExtensionsCallback _ -> {}
                                default -> throw new UnsupportedCallbackException(callback);
                            }
                        }
                    }
                });
    }

    private Authentication talk(String mechanism, SaslClient client) throws SaslException {
        Authentication server = gate.begin("/127.0.0.1");
        assertThat(server.choose(mechanism)).isTrue();
        byte[] said =
                client.hasInitialResponse() ? client.evaluateChallenge(new byte[0]) : new byte[0];
        while (server.principal() == null) {
            Authentication.Step step = server.respond(said).orTimeout(20, TimeUnit.SECONDS).join();
            byte[] next =
                    client.isComplete() && step.challenge().length == 0
                            ? null
                            : client.evaluateChallenge(step.challenge());
            said = next == null ? new byte[0] : next;
        }
        assertThat(client.isComplete()).isTrue();
        return server;
    }

    private void refused(String mechanism, SaslClient client) {
        assertThatThrownBy(() -> talk(mechanism, client))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(MillraceException.class);
    }

    @Test
    void clientsWithTheRightCredentialsGetIn() throws SaslException {
        store.user("us,er=ü", "pässword");
        store.token("abc.def-ghi", "somebody");
        assertThat(talk("SCRAM-SHA-256", scram("us,er=ü", "pässword")).principal())
                .isEqualTo(new Principal("us,er=ü"));
        assertThat(talk("PLAIN", plain("us,er=ü", "pässword")).principal())
                .isEqualTo(new Principal("us,er=ü"));
        assertThat(talk("OAUTHBEARER", bearer("abc.def-ghi")).principal())
                .isEqualTo(new Principal("somebody"));
    }

    @Test
    void othersDoNot() throws SaslException {
        store.user("user", "password");
        refused("SCRAM-SHA-256", scram("user", "passwort"));
        refused("SCRAM-SHA-256", scram("nobody", "password"));
        refused("PLAIN", plain("user", "passwort"));
        refused("OAUTHBEARER", bearer("abc"));
    }

    @Test
    void onlyWhatIsOfferedCanBeChosen() {
        store.offer(Set.of(SaslMechanism.SCRAM_SHA_256));
        Authentication some = gate.begin("/127.0.0.1");
        assertThat(some.mechanisms()).containsExactly("SCRAM-SHA-256");
        assertThat(some.choose("PLAIN")).isFalse();
        assertThat(some.choose("SCRAM-SHA-512")).isFalse();
        assertThat(gate.speaksSasl()).isTrue();
        store.offer(Set.of());
        assertThat(gate.speaksSasl()).isFalse();
        assertThat(gate.begin("/127.0.0.1").mechanisms()).isEmpty();
    }

    @Test
    void whoFailedOnceIsNotHeardAgain() {
        store.user("user", "password");
        Authentication server = gate.begin("/127.0.0.1");
        assertThat(server.choose("PLAIN")).isTrue();
        assertThat(server.respond("\0user\0wrong".getBytes(StandardCharsets.UTF_8)))
                .failsWithin(20, TimeUnit.SECONDS);
        assertThat(server.respond("\0user\0password".getBytes(StandardCharsets.UTF_8)))
                .failsWithin(20, TimeUnit.SECONDS);
        assertThat(server.principal()).isNull();
    }

    @Test
    void endlessMessagesAreRefused() {
        Authentication server = gate.begin("/127.0.0.1");
        assertThat(server.choose("OAUTHBEARER")).isTrue();
        assertThat(server.respond(new byte[(32 << 10) + 1])).failsWithin(20, TimeUnit.SECONDS);
    }
}
