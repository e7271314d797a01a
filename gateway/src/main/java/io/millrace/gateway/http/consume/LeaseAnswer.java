package io.millrace.gateway.http.consume;

import io.millrace.broker.SettleRequest;
import io.millrace.error.MillraceException;
import io.millrace.event.format.ByteSink;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.ResponseStream;
import io.millrace.group.Leased;
import io.millrace.group.SettleAction;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers with leases, in one piece or, if they are long, in several. What cannot be answered with
/// is given back at once, without counting as a failure: what goes beyond the bytes of one answer,
/// and everything if the client has gone. Thread-safe.
public final class LeaseAnswer {
    /// No lease begins behind so many bytes of an answer.
    public static final int BYTES_MAX = 16 << 20;

    private static final int PIECE_BYTES = 256 << 10;
    private static final int LEASE_BYTES = 1 << 10;
    private static final Map<String, String> HEADERS =
            Map.of("content-type", "application/json", "cache-control", "no-store");

    private final Consumption consumption;
    private final LeaseWriter writer;
    private final int bytesMax;

    public LeaseAnswer(Consumption consumption, LeaseWriter writer, int bytesMax) {
        this.consumption = consumption;
        this.writer = writer;
        this.bytesMax = bytesMax;
    }

    /// Answers with leases that the consumer has to settle.
    ///
    /// @throws InterruptedException if the client has gone
    public @Nullable Answer of(Call call, List<Leased> leases) throws InterruptedException {
        try {
            Piece piece = new Piece(call, leases.size());
            int fitting = write(piece, leases, bytesMax);
            if (call.isGone()) {
                throw new InterruptedException();
            }
            List<Leased> kept = leases.subList(0, fitting);
            call.ifUndelivered(() -> giveBack(call.variable(), kept));
            giveBack(call.variable(), leases.subList(fitting, leases.size()));
            return piece.end();
        } catch (InterruptedException | MillraceException e) {
            // Who hangs up while waiting must not keep what came a moment later.
            boolean interrupted = Thread.interrupted();
            giveBack(call.variable(), leases);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            throw e;
        }
    }

    /// Answers with what has been settled already, all of it.
    ///
    /// @throws InterruptedException if the client has gone
    public @Nullable Answer ofSettled(Call call, List<Leased> leases) throws InterruptedException {
        Piece piece = new Piece(call, leases.size());
        write(piece, leases, Long.MAX_VALUE);
        return piece.end();
    }

    /// @return how many were written
    private int write(Piece piece, List<Leased> leases, long bytesMax) throws InterruptedException {
        ByteSink out = piece.out;
        out.ascii("{\"leases\":[");
        int written = 0;
        for (Leased leased : leases) {
            if (written > 0) {
                if (piece.total() >= bytesMax) {
                    break;
                }
                out.write(',');
            }
            writer.write(out, leased);
            written++;
            piece.sendIfLong();
        }
        out.ascii("]}");
        return written;
    }

    private void giveBack(String name, List<Leased> leases) {
        if (leases.isEmpty()) {
            return;
        }
        SettleAction release = new SettleAction.Release(Duration.ZERO, false);
        consumption.settle(
                Principal.LOCAL,
                name,
                leases.stream()
                        .map(leased -> new SettleRequest(leased.token(), release, null))
                        .toList());
    }

    /// The part of the answer that has not been sent.
    private static final class Piece {
        private final Call call;
        private final ByteSink out;
        private long sent;
        private @Nullable ResponseStream stream;

        Piece(Call call, int leases) {
            this.call = call;
            // A piece ends behind the lease that makes it long enough.
            this.out = new ByteSink(Math.min(PIECE_BYTES, LEASE_BYTES * leases) + LEASE_BYTES);
        }

        long total() {
            return sent + out.length();
        }

        void sendIfLong() throws InterruptedException {
            if (out.length() >= PIECE_BYTES) {
                ResponseStream opened = stream == null ? call.stream(200, HEADERS) : stream;
                stream = opened;
                send(opened);
                opened.awaitRoom(() -> false);
            }
        }

        private void send(ResponseStream to) {
            to.write(out);
            sent += out.length();
            out.clear();
        }

        /// What is left, as the answer if nothing was sent before.
        @Nullable Answer end() {
            if (stream == null) {
                return Answer.json(out);
            }
            send(stream);
            return null;
        }
    }
}
