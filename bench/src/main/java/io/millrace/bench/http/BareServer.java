package io.millrace.bench.http;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;

/// The peer: Vert.x with as many event loops as processors, whose handler answers each request with
/// 202 and does nothing else. What it reaches is what HTTP on this library can cost at best.
public final class BareServer {
    private BareServer() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        Vertx.vertx()
                .deployVerticle(
                        () -> new Listener(port),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .onSuccess(_ -> System.out.println("ready in 0 ms: http://127.0.0.1:" + port))
                .onFailure(e -> {
                    System.err.println(e);
                    System.exit(1);
                });
    }

    private static final class Listener extends AbstractVerticle {
        private final int port;

        Listener(int port) {
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            getVertx()
                    .createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
                    .requestHandler(request -> request.response().setStatusCode(202).end())
                    .listen(port, "127.0.0.1")
                    .onComplete(_ -> started.complete(), started::fail);
        }
    }
}
