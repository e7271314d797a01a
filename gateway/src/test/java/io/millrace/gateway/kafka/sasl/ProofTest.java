package io.millrace.gateway.kafka.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.session.Authentication.Step;
import io.millrace.security.Principal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofTest {
    // The exchange of RFC 7677, section 3.
    private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE;
    private static final String SERVER_FIRST = "r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final String CLIENT_LAST = "c=biws,r=" + NONCE + ",p=" + PROOF;
    private static final String SERVER_LAST = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private final FakeCredentials store = new FakeCredentials();
    private final ScramDecoys decoys = new ScramDecoys(Bytes.utf8("secret"), 4096);

    private Proof scram() {
        return new ScramProof(store, decoys, SERVER_NONCE);
    }

    private static Step say(Proof proof, String message) {
        return proof.respond(message.getBytes(StandardCharsets.UTF_8));
    }

    private static String said(Step step) {
        return new String(step.challenge(), StandardCharsets.UTF_8);
    }

    private static String refusal(Proof proof, String message) {
        MillraceException[] refused = new MillraceException[1];
        assertThatThrownBy(() -> say(proof, message))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
                            refused[0] = e;
                        });
        return String.valueOf(refused[0].getMessage());
    }

    @Test
    void scramAsInItsStandard() {
        store.user("user", "pencil");
        Proof proof = scram();
        Step first = say(proof, CLIENT_FIRST);
        assertThat(said(first)).isEqualTo(SERVER_FIRST);
        assertThat(first.principal()).isNull();
        Step last = say(proof, CLIENT_LAST);
        assertThat(said(last)).isEqualTo(SERVER_LAST);
        assertThat(last.principal()).isEqualTo(new Principal("user"));
        refusal(proof, CLIENT_LAST);
    }

    @Test
    void scramRefusesAWrongPassword() {
        store.user("user", "pen");
        Proof proof = scram();
        say(proof, CLIENT_FIRST);
        refusal(proof, CLIENT_LAST);
        refusal(proof, CLIENT_LAST);
    }

    @Test
    void scramRefusesAProofForAnotherExchange() {
        store.user("user", "pencil");
        Proof otherNonce = new ScramProof(store, decoys, "another");
        say(otherNonce, CLIENT_FIRST);
        refusal(otherNonce, CLIENT_LAST);
        Proof otherBinding = scram();
        say(otherBinding, CLIENT_FIRST);
        refusal(otherBinding, CLIENT_LAST.replace("c=biws", "c=eSws"));
        Proof otherAuthorization = scram();
        say(otherAuthorization, CLIENT_FIRST.replace("n,,", "n,a=admin,"));
        refusal(otherAuthorization, CLIENT_LAST);
    }

    @Test
    void scramDoesNotTellWhichUsersThereAre() {
        store.user("user", "pen");
        Proof known = scram();
        say(known, CLIENT_FIRST);
        String wrongPassword = refusal(known, CLIENT_LAST);

        Proof unknown = scram();
        String first = said(say(unknown, CLIENT_FIRST.replace("user", "nobody")));
        assertThat(refusal(unknown, CLIENT_LAST)).isEqualTo(wrongPassword);
        assertThat(first).startsWith("r=" + NONCE + ",s=").endsWith(",i=4096");
        assertThat(first).hasSameSizeAs(SERVER_FIRST);
        assertThat(said(say(scram(), CLIENT_FIRST.replace("user", "nobody"))))
                .as("asked again")
                .isEqualTo(first);
        assertThat(said(say(scram(), CLIENT_FIRST.replace("user", "someone"))))
                .as("another one")
                .isNotEqualTo(first);
    }

    @Test
    void scramDecodesNames() {
        assertThat(ClientFirst.parse("y,a=x=2Cy,n=a=3Db=2Cc,r=1"))
                .satisfies(first -> {
                    assertThat(first.user()).isEqualTo("a=b,c");
                    assertThat(first.authorizationId()).isEqualTo("x,y");
                    assertThat(first.header()).isEqualTo("y,a=x=2Cy,");
                    assertThat(first.bare()).isEqualTo("n=a=3Db=2Cc,r=1");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "n,",
                "n,,",
                "n,,n=user",
                "n,,n=,r=1",
                "n,,n=user,r=",
                "n,,n=user,r=\u0007",
                "n,,n=us=er,r=1",
                "n,b=x,n=user,r=1",
                "p=tls-unique,,n=user,r=1",
                "n,,m=more,n=user,r=1",
                "n,,n=user,r=1,tokenauth=true"
            })
    void scramRefusesFirstMessagesThatAreNone(String message) {
        assertThat(refusal(scram(), message)).contains("authentication failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c=biws",
                "c=biws,r=1",
                "c=!,r=1,p=AAAA",
                "c=biws,r=1,p=?",
                "r=1,c=biws,p=AAAA",
                ",,,p="
            })
    void scramRefusesLastMessagesThatAreNone(String message) {
        store.user("user", "pencil");
        Proof proof = scram();
        say(proof, CLIENT_FIRST);
        assertThat(refusal(proof, message)).contains("authentication failed");
    }

    @Test
    void plainAsInItsStandard() {
        store.user("tim", "tanstaaftanstaaf");
        store.user("Kurt", "xipj3plmq");
        assertThat(say(new PlainProof(store), "\0tim\0tanstaaftanstaaf").principal())
                .isEqualTo(new Principal("tim"));
        assertThat(say(new PlainProof(store), "tim\0tim\0tanstaaftanstaaf").principal())
                .isEqualTo(new Principal("tim"));
        String other = refusal(new PlainProof(store), "Ursel\0Kurt\0xipj3plmq");
        assertThat(refusal(new PlainProof(store), "\0tim\0wrong")).isEqualTo(other);
        assertThat(refusal(new PlainProof(store), "\0nobody\0wrong")).isEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "\0\0", "\0tim\0", "\0\0secret", "tim", "\0tim\0a\0b"})
    void plainRefusesMessagesThatAreNone(String message) {
        assertThat(refusal(new PlainProof(store), message)).contains("authentication failed");
    }

    @Test
    void whatIsNoTextIsRefused() {
        assertThatThrownBy(() -> new PlainProof(store).respond(new byte[] {0, -1, 0, 'a'}))
                .isInstanceOf(MillraceException.class);
    }

    @Test
    void bearerAsInItsStandard() {
        String message =
                "n,a=user@example.com,\u0001host=server.example.com\u0001port=143\u0001"
                        + "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u0001\u0001";
        Proof unknown = new BearerProof(store);
        Step refused = say(unknown, message);
        assertThat(said(refused)).isEqualTo("{\"status\":\"invalid_token\"}");
        assertThat(refused.principal()).isNull();
        refusal(unknown, "\u0001");

        store.token("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", "user@example.com");
        Step taken = say(new BearerProof(store), message);
        assertThat(taken.challenge()).isEmpty();
        assertThat(taken.principal()).isEqualTo(new Principal("user@example.com"));

        Step other = say(new BearerProof(store), message.replace("a=user@", "a=admin@"));
        assertThat(other.principal()).isNull();
        assertThat(other.challenge()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0001",
                "n,,",
                "n,,\u0001\u0001",
                "n,,\u0001auth=Bearer x\u0001",
                "n,,\u0001auth=Basic x\u0001\u0001",
                "n,,\u0001auth=Bearer \u0001\u0001",
                "n,,\u0001auth=Bearer x y\u0001\u0001",
                "n,,\u0001auth=Bearer x\u0001auth=Bearer y\u0001\u0001",
                "y,,\u0001auth=Bearer x\u0001\u0001",
                "n,b=c,\u0001auth=Bearer x\u0001\u0001"
            })
    void bearerRefusesMessagesThatAreNone(String message) {
        store.token("x", "somebody");
        assertThat(refusal(new BearerProof(store), message)).contains("authentication failed");
    }
}
