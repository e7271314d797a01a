package io.millrace.gateway.http.query;

import io.millrace.broker.query.Feed;
import io.millrace.broker.query.QueryGround;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.Query;
import io.millrace.log.LogSlice;
import io.millrace.log.ReadBuffer;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Partitions as queries read them that run on a cluster: whole record batches, from an offset on.
public final class FeedEndpoints {
    static final String TIME = "millrace-time";
    static final String START = "millrace-start-offset";
    static final String READABLE = "millrace-readable-offset";
    static final String STORED = "millrace-stored-offset";
    static final String NEXT = "millrace-next-offset";

    private static final int BYTES_MIN = 1 << 10;
    private static final int BYTES_MAX = 8 << 20;
    private static final int BYTES_DEFAULT = 1 << 20;
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);
    private static final ContextPattern EVERYTHING = ContextPattern.of("/**");
    private static final String EXPECTED = "must be a whole number of at least 0";

    private final BrokerDoor broker;

    public FeedEndpoints(BrokerDoor broker) {
        this.broker = broker;
    }

    private QueryGround ground() {
        return broker.queries().ground(Principal.LOCAL);
    }

    /// `GET /api/v1/feeds`.
    public Answer list(Call call) {
        Query query = call.query("pattern", "stream");
        String pattern = query.one("pattern");
        QueryGround ground = ground();
        ObjectNode document = QueryDocuments.object();
        document.put("time", ground.clock().epochMillis());
        document.put("eventBytesMax", ground.eventBytesMax());
        ArrayNode items = document.putArray("items");
        ContextPattern reached = pattern == null ? EVERYTHING : ContextPattern.of(pattern);
        for (Feed feed : ground.feeds().of(reached, query.one("stream"))) {
            items.addObject()
                    .put("id", feed.id())
                    .put("stream", feed.stream())
                    .put("incarnation", feed.origin().incarnation())
                    .put("partition", feed.partition())
                    .put("mount", feed.origin().mount().path())
                    .put("start", feed.startOffset())
                    .put("readable", feed.readableOffset())
                    .put("stored", feed.storedOffset());
        }
        return QueryDocuments.answer(document);
    }

    /// `GET /api/v1/feeds/{stream}.{incarnation}/{partition}/batches`.
    public Answer batches(Call call) throws InterruptedException {
        Query query = call.query("offset", "max", "wait");
        long offset = offset(query, "offset");
        int max = query.number("max", BYTES_MIN, BYTES_MAX, BYTES_DEFAULT);
        Duration wait = query.duration("wait", Duration.ZERO, WAIT_MAX);
        QueryGround ground = ground();
        Feed feed = feed(ground, call);
        if (wait != null && !wait.isZero()) {
            await(feed, offset, wait);
        }
        // Before the offsets: what is recorded after that moment lies behind them.
        long time = ground.clock().epochMillis();
        long readable = feed.readableOffset();
        LogSlice slice = feed.read(offset, ReadBuffer.fresh(max));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("cache-control", "no-store");
        headers.put(TIME, Long.toString(time));
        headers.put(START, Long.toString(feed.startOffset()));
        headers.put(READABLE, Long.toString(readable));
        headers.put(STORED, Long.toString(feed.storedOffset()));
        headers.put(NEXT, Long.toString(slice.nextOffset()));
        return new Answer(200, "application/octet-stream", slice.batches(), headers);
    }

    private static void await(Feed feed, long offset, Duration wait) throws InterruptedException {
        CountDownLatch more = new CountDownLatch(1);
        Runnable action = more::countDown;
        feed.watch(action, offset);
        try {
            if (feed.readableOffset() <= offset) {
                // More or not: the answer says which.
                boolean _ = more.await(wait.toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            feed.unwatch(action);
        }
    }

    /// `GET /api/v1/feeds/{stream}.{incarnation}/{partition}/offset`.
    public Answer offset(Call call) {
        Query query = call.query("intact", "time");
        Long time = query.time("time");
        Feed feed = feed(ground(), call);
        long found =
                time == null ? feed.nextIntactOffset(offset(query, "intact")) : feed.offsetAt(time);
        return QueryDocuments.answer(QueryDocuments.object().put("offset", found));
    }

    private static Feed feed(QueryGround ground, Call call) {
        String id = call.variable() + "/" + call.secondVariable();
        int end = call.variable().lastIndexOf('.');
        String stream = end < 0 ? call.variable() : call.variable().substring(0, end);
        for (Feed feed : ground.feeds().of(EVERYTHING, stream)) {
            if (feed.id().equals(id)) {
                return feed;
            }
        }
        throw new MillraceException(
                ErrorCode.PARTITION_NOT_FOUND, "there is no partition %s".formatted(id));
    }

    private static long offset(Query query, String name) {
        @Nullable String text = query.one(name);
        try {
            long offset = text == null ? -1 : Long.parseLong(text);
            if (offset >= 0) {
                return offset;
            }
        } catch (NumberFormatException _) {
            // Falls through.
        }
        throw new MillraceException(ErrorCode.REQUEST_INVALID, name, EXPECTED);
    }
}
