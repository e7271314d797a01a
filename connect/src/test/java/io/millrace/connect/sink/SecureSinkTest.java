package io.millrace.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.Outcome.Delivered;
import io.millrace.delivery.Outcome.RetryLater;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Sinks behind TLS, with a certificate for sink.example.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureSinkTest {
    private static final String PASSWORD = "password";

    private Path folder = Path.of(".");
    private final Vertx vertx = Vertx.vertx();

    @BeforeAll
    void makeCertificate(@TempDir Path temporary) throws Exception {
        folder = temporary;
        keytool(
                "-genkeypair",
                "-alias",
                "s",
                "-keyalg",
                "EC",
                "-dname",
                "CN=sink.example",
                "-ext",
                "SAN=dns:sink.example",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                folder.resolve("key.p12").toString(),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "s",
                "-file",
                folder.resolve("certificate.pem").toString(),
                "-keystore",
                folder.resolve("key.p12").toString(),
                "-storepass",
                PASSWORD);
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @AfterAll
    void close() {
        Pushing.get(vertx.close().toCompletionStage().toCompletableFuture());
    }

    private HttpServer serve(boolean alpn, List<String> seen) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setSsl(true)
                        .setUseAlpn(alpn)
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setSni(true)
                        .setKeyCertOptions(
                                new PfxOptions()
                                        .setPath(folder.resolve("key.p12").toString())
                                        .setPassword(PASSWORD));
        return Pushing.get(
                vertx.createHttpServer(options)
                        .requestHandler(request -> {
                            seen.add(
                                    "%s %s %s %s"
                                            .formatted(
                                                    request.version(),
                                                    request.authority(),
                                                    request.connection().indicatedServerName(),
                                                    request.getHeader("ce-id")));
                            request.response().setStatusCode(202).end();
                        })
                        .listen()
                        .toCompletionStage()
                        .toCompletableFuture());
    }

    private Pushing pushing(boolean trusting) {
        ClientSSLOptions tls = new ClientSSLOptions();
        if (trusting) {
            String path = folder.resolve("certificate.pem").toString();
            tls.setTrustOptions(new PemTrustOptions().addCertPath(path));
        }
        return new Pushing(
                _ -> CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral("127.0.0.1"))),
                Duration.ofMinutes(1),
                tls);
    }

    @Test
    void http2IsAgreedOnAndTheNameIsIndicated() {
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = serve(true, seen).actualPort();
        try (Pushing pushing = pushing(true)) {
            HttpSinkConfig config = Pushing.config("https://sink.example:" + port + "/");
            assertThat(pushing.push(config, Pushing.EVENT))
                    .isEqualTo(new Delivered(202, null, null));
            assertThat(seen)
                    .containsExactly(
                            HttpVersion.HTTP_2 + " sink.example:" + port + " sink.example 1");
        }
    }

    @Test
    void withoutItHttp1Serves() {
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = serve(false, seen).actualPort();
        try (Pushing pushing = pushing(true)) {
            HttpSinkConfig config = Pushing.config("https://sink.example:" + port + "/");
            assertThat(pushing.push(config, Pushing.EVENT)).isInstanceOf(Delivered.class);
            assertThat(seen).singleElement().asString().startsWith("" + HttpVersion.HTTP_1_1);
        }
    }

    @Test
    void aCertificateThatNobodyTrustsOrForAnotherNameIsRefused() {
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = serve(true, seen).actualPort();
        try (Pushing strangers = pushing(false);
                Pushing friends = pushing(true)) {
            assertThat(
                            strangers.push(
                                    Pushing.config("https://sink.example:" + port), Pushing.EVENT))
                    .isInstanceOfSatisfying(
                            RetryLater.class,
                            retry -> assertThat(retry.reason()).contains("no trust"));
            assertThat(friends.push(Pushing.config("https://other.example:" + port), Pushing.EVENT))
                    .isInstanceOfSatisfying(
                            RetryLater.class,
                            retry -> assertThat(retry.reason()).contains("no trust"));
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void whatDoesNotSpeakTlsIsTriedAgain() throws Exception {
        // The server is closed first, which ends the handshake.
        try (Pushing pushing = pushing(true);
                RawServer server = new RawServer((request, _) -> request.socket().close())) {
            HttpSinkConfig config =
                    Pushing.with(
                            Pushing.config("https://sink.example:" + server.port()),
                            new HttpSinkConfig.Limits(1, 1, Duration.ofSeconds(1), 0));
            assertThat(pushing.push(config, Pushing.EVENT)).isInstanceOf(RetryLater.class);
        }
    }
}
