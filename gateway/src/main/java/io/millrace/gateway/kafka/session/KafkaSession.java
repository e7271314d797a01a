package io.millrace.gateway.kafka.session;

import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.Peer;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.wire.EncodedAnswer;
import io.millrace.gateway.kafka.wire.KafkaErrors;
import io.millrace.gateway.kafka.wire.MalformedRequestException;
import io.millrace.gateway.kafka.wire.Request;
import io.millrace.security.Principal;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Future;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of a client: requests in, answers out in the order of the requests. Owned by the
/// connection's event loop.
public final class KafkaSession {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSession.class);

    private final KafkaService service;
    private final Outlet outlet;
    private final Authentication authentication;
    private final SaslExchange sasl;
    private final String address;
    private final long number;
    private final ArrayDeque<Exchange> inProgress = new ArrayDeque<>();
    private @Nullable Peer peer;
    private long unsentBytes;
    private long memory;
    private boolean closing;
    private volatile boolean gone;

    /// @param number unique among the connections since the start
    /// @param address of the client, as `/127.0.0.1`
    public KafkaSession(KafkaService service, Outlet outlet, long number, String address) {
        this.service = service;
        this.outlet = outlet;
        this.number = number;
        this.address = address;
        this.authentication = service.authentication().begin(address);
        this.sasl = new SaslExchange(authentication);
    }

    /// Takes a request.
    ///
    /// @param frame without its length; the session's own from now on
    public void receive(byte[] frame) {
        if (closing || gone) {
            return;
        }
        Request request;
        try {
            request = service.codec().decode(frame);
        } catch (MalformedRequestException e) {
            service.counters().malformed();
            end(String.valueOf(e.getMessage()));
            return;
        }
        service.counters().began(request.api(), frame.length);
        Exchange exchange = new Exchange(this, request);
        inProgress.add(exchange);
        memory += request.memory();
        try {
            dispatch(exchange);
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private void dispatch(Exchange exchange) {
        Request request = exchange.request();
        ApiMessage message = request.message();
        if (message == null) {
            exchange.send(
                    new ApiVersionsResponseData()
                            .setErrorCode(Errors.UNSUPPORTED_VERSION.code())
                            .setApiKeys(service.codec().advertised()));
            return;
        }
        if (sasl.takes(request.api())) {
            sasl.take(message, exchange);
            return;
        }
        Principal principal = authentication.principal();
        if (principal == null && request.api() != ApiKeys.API_VERSIONS) {
            exchange.close("it has not authenticated itself");
            return;
        }
        RequestHandler handler =
                Objects.requireNonNull(service.handlers().get(request.api()), "a handler");
        handler.handle(
                new KafkaRequest(
                        request.api(),
                        request.version(),
                        request.clientId(),
                        message,
                        peer(principal)),
                exchange);
    }

    private Peer peer(@Nullable Principal principal) {
        Peer known = peer;
        if (known == null || !known.principal().equals(principal)) {
            known = new Peer(number, address, principal == null ? Principal.LOCAL : principal);
            peer = known;
        }
        return known;
    }

    /// Whether another request may be given to [#receive]; [Outlet#resume] tells when that changes
    /// to yes.
    public boolean isOpenForMore() {
        return !closing
                && inProgress.size() < service.limits().requestsMax()
                && unsentBytes <= service.limits().answerBytesMax()
                && !sasl.isBusy();
    }

    /// Requests that are not answered yet.
    public int requests() {
        return inProgress.size();
    }

    /// About the bytes that requests in progress take in memory.
    public long memory() {
        return memory;
    }

    /// Bytes that were given to [Outlet#send] and are not gone.
    public long unsentBytes() {
        return unsentBytes;
    }

    /// An answer of so many bytes has left.
    public void sent(long bytes) {
        unsentBytes -= bytes;
        resume();
    }

    /// The connection is gone.
    public void gone() {
        gone = true;
        for (Exchange exchange : inProgress) {
            EncodedAnswer encoded = exchange.encoded();
            if (encoded != null) {
                encoded.close();
            }
        }
        inProgress.clear();
        memory = 0;
        try {
            service.gone().accept(number);
        } catch (RuntimeException e) {
            // Whoever calls has memory to give back.
            LOG.error("The end of the connection of {} cannot be told", address, e);
        }
    }

    boolean isGone() {
        return gone;
    }

    void onLoop(Runnable action) {
        if (outlet.isOnLoop()) {
            action.run();
        } else {
            outlet.execute(action);
        }
    }

    void later(Runnable action) {
        outlet.execute(action);
    }

    Future<?> later(Runnable action, long millis) {
        return outlet.execute(action, millis);
    }

    void answered(Exchange exchange, @Nullable ApiMessage response) {
        EncodedAnswer encoded;
        try {
            encoded =
                    response == null ? null : service.codec().encode(exchange.request(), response);
        } catch (RuntimeException e) {
            LOG.error("An answer to {} cannot be sent", exchange.request().api().name, e);
            refuse(exchange, "its answer cannot be encoded");
            return;
        }
        if (gone || closing) {
            if (encoded != null) {
                encoded.close();
            }
            return;
        }
        exchange.finish(encoded);
        flush();
    }

    void failed(Exchange exchange, Throwable problem) {
        Request request = exchange.request();
        service.counters().failed(request.api());
        if (problem instanceof MillraceException || problem instanceof ApiException) {
            LOG.debug("{} of {} failed: {}", request.api().name, address, problem.getMessage());
        } else {
            LOG.error("{} of {} failed", request.api().name, address, problem);
        }
        if (request.message() == null) {
            refuse(exchange, KafkaErrors.message(problem));
            return;
        }
        ApiMessage response;
        try {
            response = service.codec().failure(request, problem);
        } catch (RuntimeException e) {
            LOG.debug("{} has no error answer", request.api().name, e);
            refuse(exchange, KafkaErrors.message(problem));
            return;
        }
        answered(exchange, response);
    }

    void refuse(Exchange exchange, String reason) {
        service.counters().failed(exchange.request().api());
        end("%s: %s".formatted(exchange.request().api().name, reason));
    }

    private void end(String reason) {
        if (!closing && !gone) {
            closing = true;
            LOG.debug("The connection of {} is closed: {}", address, reason);
            outlet.close(reason);
        }
    }

    private void flush() {
        Exchange first = inProgress.peekFirst();
        while (first != null && first.isDone()) {
            inProgress.removeFirst();
            memory -= first.request().memory();
            EncodedAnswer encoded = first.encoded();
            if (encoded != null) {
                unsentBytes += encoded.size();
                service.counters().answered(first.request().api(), encoded.size());
                outlet.send(encoded);
            }
            first = inProgress.peekFirst();
        }
        resume();
    }

    private void resume() {
        if (!gone && isOpenForMore()) {
            outlet.resume();
        }
    }
}
