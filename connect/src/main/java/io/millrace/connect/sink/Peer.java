package io.millrace.connect.sink;

import io.millrace.delivery.AddressRange;
import io.millrace.delivery.SinkAddress;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The other side of a URL: finds its addresses, checks them, and opens requests to the very
/// addresses that were checked, so that a name that changes its meaning in between leads nowhere
/// else. The host name stays what it is for `Host`, SNI and the certificate. Owned by a loop.
final class Peer {
    private static final long CONNECT_MILLIS_MAX = 10_000;

    /// How many addresses of a name are tried in one attempt.
    private static final int ADDRESSES_MAX = 4;

    private final SinkLoop loop;
    private final SinkAddress address;
    private final String who;
    private final boolean secrets;
    private final long rememberedNanos;

    private @Nullable Future<List<InetAddress>> known;
    private long knownUntilNanos;

    /// @param who as in "the sink", for reasons
    /// @param secrets whether requests carry any, which not everybody on the way may read
    /// @param remembered how long an answer of the resolver holds
    Peer(SinkLoop loop, SinkAddress address, String who, boolean secrets, Duration remembered) {
        this.loop = loop;
        this.address = address;
        this.who = who;
        this.secrets = secrets;
        this.rememberedNanos = remembered.toNanos();
    }

    String who() {
        return who;
    }

    /// Opens a request; nothing of it is sent yet.
    ///
    /// @param options method and headers
    /// @return fails with an [AttemptFailure]
    Future<HttpClientRequest> open(RequestOptions options, long deadlineNanos) {
        options.setHost(
                        address.host().indexOf(':') < 0
                                ? address.host()
                                : "[" + address.host() + "]")
                .setPort(address.port())
                .setSsl(address.secure())
                .setURI(address.target())
                .setFollowRedirects(false);
        if (!address.secure()) {
            // With TLS the two sides agree by ALPN. Without, HTTP/2 would need an upgrade, which a
            // server that does not know it may take for anything.
            options.setProtocolVersion(HttpVersion.HTTP_1_1);
        }
        return addresses().compose(found -> open(options, found, 0, deadlineNanos));
    }

    private Future<HttpClientRequest> open(
            RequestOptions options, List<InetAddress> found, int at, long deadlineNanos) {
        long left = loop.millisUntil(deadlineNanos);
        options.setConnectTimeout(Math.min(CONNECT_MILLIS_MAX, left))
                .setServer(SocketAddress.inetSocketAddress(address.port(), literal(found.get(at))));
        return loop.client()
                .request(options)
                .recover(cause -> {
                    boolean more = at + 1 < Math.min(found.size(), ADDRESSES_MAX);
                    // What was found may be out of date.
                    known = null;
                    return more && deadlineNanos - loop.clock().nanoTime() > 0
                            ? open(options, found, at + 1, deadlineNanos)
                            : Future.failedFuture(AttemptFailure.of(who, cause));
                });
    }

    /// An address as Vert.x wants it: in brackets, or an IPv6 address is no host to it. Its
    /// resolver takes literals for what they are and asks nobody.
    private static String literal(InetAddress found) {
        String text = found.getHostAddress();
        return text.indexOf(':') < 0 ? text : "[" + text + "]";
    }

    /// The addresses that may be connected to; at least one.
    ///
    /// @return fails with an [AttemptFailure]
    Future<List<InetAddress>> addresses() {
        if (AddressRange.isLiteral(address.host())) {
            return checked(List.of(InetAddress.ofLiteral(address.host())));
        }
        Future<List<InetAddress>> last = known;
        long now = loop.clock().nanoTime();
        if (last != null && !last.failed() && (!last.isComplete() || knownUntilNanos - now > 0)) {
            return last;
        }
        Future<List<InetAddress>> result =
                Future.fromCompletionStage(
                                loop.lookups().resolver().resolve(address.host()), loop.context())
                        .recover(_ -> Future.succeededFuture(List.of()))
                        .compose(this::resolved);
        known = result;
        return result;
    }

    private Future<List<InetAddress>> resolved(List<InetAddress> found) {
        knownUntilNanos = loop.clock().nanoTime() + rememberedNanos;
        return found.isEmpty()
                ? Future.failedFuture(
                        new AttemptFailure(
                                "the name %s of %s cannot be resolved"
                                        .formatted(address.host(), who)))
                : checked(found);
    }

    private Future<List<InetAddress>> checked(List<InetAddress> found) {
        List<InetAddress> allowed =
                found.stream()
                        .filter(each -> loop.lookups().guard().allows(address.host(), each))
                        .toList();
        if (allowed.isEmpty()) {
            return failed(
                    "%s is at %s, which is not on the public internet; the server's configuration"
                                    .formatted(who, found.getFirst().getHostAddress())
                            + " must allow the address or the host name");
        }
        List<InetAddress> trusted =
                allowed.stream()
                        .filter(each -> address.secure() || !secrets || mayReadSecrets(each))
                        .toList();
        return trusted.isEmpty()
                ? failed(
                        "secrets would go to %s at %s over plain http, where others can read them; use"
                                        .formatted(who, allowed.getFirst().getHostAddress())
                                + " https, or have the server's configuration name it in sinks.plain")
                : Future.succeededFuture(trusted);
    }

    private boolean mayReadSecrets(InetAddress found) {
        return loop.lookups().guard().allowsPlainSecrets(address.host(), found);
    }

    private static Future<List<InetAddress>> failed(String reason) {
        return Future.failedFuture(new AttemptFailure(reason));
    }
}
