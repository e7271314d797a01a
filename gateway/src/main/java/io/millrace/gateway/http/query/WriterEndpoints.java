package io.millrace.gateway.http.query;

import io.millrace.broker.query.QueryGround;
import io.millrace.broker.query.QueryViews;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.Query;
import io.millrace.io.Clock;
import io.millrace.log.BatchCheck;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.log.ProducedBatch;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where results of queries arrive that run on a cluster: each request is a record batch, and is
/// answered when everything in it is stored.
public final class WriterEndpoints {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");
    private static final String TOKEN = "token";
    private static final String TIME = "time";
    private static final long PAUSE_MILLIS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BrokerDoor broker;
    private final Writers writers;
    private final int bytesMax;

    /// @param bytesMax of a batch
    public WriterEndpoints(BrokerDoor broker, Clock clock, int bytesMax) {
        this.broker = broker;
        this.writers = new Writers(clock);
        this.bytesMax = bytesMax;
    }

    private QueryGround ground() {
        return broker.queries().ground(Principal.LOCAL);
    }

    private static String name(Call call) {
        String name = call.variable();
        if (!NAME.matcher(name).matches()) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, "a writer's name must match " + NAME);
        }
        return name;
    }

    /// `POST /api/v1/query/writers/{name}`: takes a name over.
    public Answer take(Call call) throws InterruptedException {
        call.query();
        QueryGround _ = ground();
        String token = writers.take(name(call));
        return QueryDocuments.answer(
                QueryDocuments.object().put(TOKEN, token).put("bytesMax", bytesMax));
    }

    /// `POST /api/v1/query/writers/{name}/events`.
    public Answer events(Call call) throws InterruptedException {
        String token = required(call.query(TOKEN), TOKEN);
        List<EventRecords.Recorded> events = new ArrayList<>();
        records(call).forEach(record -> events.add(EventRecords.decodeOwn(record)));
        QueryGround ground = ground();
        writers.with(name(call), token, () -> publish(ground, events));
        return Answer.empty(204);
    }

    /// In their order; what comes behind one that fails is left out.
    private static void publish(QueryGround ground, List<EventRecords.Recorded> events)
            throws InterruptedException {
        Waiting waiting = new Waiting();
        int begun = 0;
        try {
            for (EventRecords.Recorded each : events) {
                publish(ground, each, waiting);
                begun++;
            }
        } finally {
            waiting.await(begun);
        }
        MillraceException problem = waiting.failure.get();
        if (problem != null) {
            throw problem;
        }
    }

    private static void publish(QueryGround ground, EventRecords.Recorded event, Waiting waiting)
            throws InterruptedException {
        long until = ground.clock().epochMillis() + PATIENCE.toMillis();
        while (true) {
            try {
                ground.publisher().publish(event.context().path(), event.event(), waiting);
                return;
            } catch (MillraceException e) {
                if (e.code() != ErrorCode.OVERLOADED || ground.clock().epochMillis() > until) {
                    throw e;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /// Counts what is stored.
    private static final class Waiting implements QueryGround.Stored {
        private final Semaphore done = new Semaphore(0);
        private final AtomicReference<@Nullable MillraceException> failure =
                new AtomicReference<>();

        @Override
        public void stored() {
            done.release();
        }

        @Override
        public void failed(MillraceException problem) {
            failure.compareAndSet(null, problem);
            done.release();
        }

        /// The name must not go to another before it is known what has become of everything.
        void await(int count) {
            done.acquireUninterruptibly(count);
        }
    }

    /// `POST /api/v1/query/writers/{name}/rows`: rows of a view, keys with values; without a value
    /// the row is deleted.
    public Answer rows(Call call) throws InterruptedException {
        Query query = call.query(TOKEN, "view", "query");
        String token = required(query, TOKEN);
        String view = required(query, "view");
        String of = query.one("query");
        LogSlice records = records(call);
        QueryGround ground = ground();
        writers.with(
                name(call),
                token,
                () -> {
                    QueryViews.Writer writer = ground.views().writer(view, of == null ? "" : of);
                    records.forEach(record -> write(writer, record));
                    writer.flush();
                });
        return Answer.empty(204);
    }

    private static void write(QueryViews.Writer writer, LogRecord record) {
        Bytes key = record.key();
        Bytes time = record.header(TIME);
        if (key == null || time == null) {
            throw new MillraceException(
                    ErrorCode.RECORD_INVALID, "each row needs a key and the header time");
        }
        long millis;
        try {
            millis = Long.parseLong(time.toUtf8());
        } catch (NumberFormatException _) {
            throw new MillraceException(
                    ErrorCode.RECORD_INVALID, "the header time must be milliseconds since 1970");
        }
        Bytes row = record.value();
        if (row == null) {
            writer.delete(key.toUtf8(), millis);
        } else {
            writer.upsert(key.toUtf8(), row, millis);
        }
    }

    private LogSlice records(Call call) {
        ProducedBatch batch = new ProducedBatch(call.content().toArray(), 0);
        BatchCheck.Rules rules = new BatchCheck.Rules(bytesMax, false, Long.MAX_VALUE);
        return BatchCheck.check(batch, rules, _ -> {}).records();
    }

    private static String required(Query query, String name) {
        String value = query.one(name);
        if (value == null || value.isEmpty()) {
            throw new MillraceException(ErrorCode.REQUEST_INVALID, name, "is missing");
        }
        return value;
    }
}
