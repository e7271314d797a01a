package io.millrace.broker.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.ApplyResult;
import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Precondition;
import io.millrace.config.DocumentReader;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Queries as resources of a broker whose engine is a fake.
final class QueryHostTest {
    private static final String SQL = "SELECT 1";

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private FakeQueryEngine engine = new FakeQueryEngine();
    private Broker broker;

    @BeforeEach
    void start() throws IOException {
        broker = open(_ -> engine);
    }

    private Broker open(@Nullable QueryEngines engines) throws IOException {
        SimulatedClock clock = new SimulatedClock();
        SimulatedThreads threads = new SimulatedThreads(new Random(2), clock, () -> {});
        return new Broker(
                Path.of("/data"),
                BrokerConfig.forProcessors(1),
                new OpenGuard(),
                new Broker.Ground(disk, clock, threads, null, engines));
    }

    @AfterEach
    void stop() {
        engine.failWith(null);
        broker.close();
    }

    private void restart(@Nullable QueryEngines engines) throws IOException {
        broker.close();
        engine = new FakeQueryEngine();
        broker = open(engines);
    }

    private Queries queries() {
        return broker.queries();
    }

    private ApplyResult put(String sql, String more) {
        String document =
                "{\"sql\":\"%s\",\"output\":{\"context\":\"/out\"}%s}".formatted(sql, more);
        return broker.administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(document),
                                        DocumentReader.Format.JSON,
                                        "Query",
                                        "q"),
                        Precondition.NONE);
    }

    private void delete() {
        broker.administration().delete(Principal.LOCAL, ResourceKind.QUERY, "q", Precondition.NONE);
    }

    private QueryStatus status() {
        return queries().status(Principal.LOCAL, "q");
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code, String problem) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(problem);
    }

    @Test
    void createdOnceItHasBeenPlanned() {
        put(SQL, "");
        assertThat(engine.calls).containsExactly("warmUp", "explain q", "start q");
        assertThat(status().state()).isEqualTo(QueryStatus.State.RUNNING);
        assertThat(queries().statuses(Principal.LOCAL))
                .extracting(QueryStatus::name)
                .containsExactly("q");
    }

    @Test
    void whatIsWrongWithTheStatementChangesNothing() {
        assertRefused(
                () -> put("SELEC 1", ""),
                ErrorCode.RESOURCE_INVALID,
                "sql: line 1, column 1: there is no statement SELEC");
        assertRefused(this::status, ErrorCode.QUERY_NOT_FOUND, "there is no query q");
        assertThat(engine.queries).isEmpty();
        engine.failWith(
                new MillraceException(ErrorCode.QUERY_INVALID, "inputs.t.schema.a", "no type"));
        assertRefused(() -> put(SQL, ""), ErrorCode.RESOURCE_INVALID, "inputs.t.schema.a: no type");
    }

    @Test
    void whatTheServerCannotCheckIsNoFaultOfTheDocument() {
        engine.failWith(new MillraceException(ErrorCode.OVERLOADED, "no room"));
        assertRefused(() -> put(SQL, ""), ErrorCode.OVERLOADED, "no room");
    }

    @Test
    void changedWithItsState() {
        put(SQL, "");
        engine.calls.clear();
        assertThat(put(SQL, "").outcome()).isEqualTo(ApplyResult.Outcome.UNCHANGED);
        assertThat(engine.calls).containsExactly("warmUp");
        put("SELECT 2", "");
        assertThat(engine.calls).endsWith("explain q", "change q");
    }

    @Test
    void stateIsLostOnlyIfThatIsWanted() {
        put(SQL, "");
        engine.changesWith(QueryExplanation.State.LOST);
        assertRefused(
                () -> put("SELECT 2", ""),
                ErrorCode.RESOURCE_INVALID,
                "sql: cannot go on with what the query has in memory after this change; with"
                        + " onStateLoss: restart it forgets that and begins anew at start, or give"
                        + " it another name");
        assertThat(engine.calls).doesNotContain("change q");
        put("SELECT 2", ",\"onStateLoss\":\"restart\"");
        assertThat(engine.calls).endsWith("change q");
    }

    @Test
    void deleted() {
        put(SQL, "");
        delete();
        assertThat(engine.calls).endsWith("delete q");
        assertRefused(this::status, ErrorCode.QUERY_NOT_FOUND, "there is no query q");
        assertThat(queries().statuses(Principal.LOCAL)).isEmpty();
    }

    @Test
    void deletedEvenIfTheEngineStumbles() {
        put(SQL, "");
        engine.failWith(new IllegalStateException("broken"));
        delete();
        assertThat(queries().statuses(Principal.LOCAL)).isEmpty();
        engine.failWith(null);
        put(SQL, "");
        assertThat(status().state()).isEqualTo(QueryStatus.State.RUNNING);
    }

    @Test
    void theServerStartsItAgain() throws IOException {
        put(SQL, "");
        FakeQueryEngine first = engine;
        restart(_ -> engine);
        assertThat(first.calls).endsWith("stop q", "close");
        assertThat(engine.calls).containsExactly("start q");
        delete();
        restart(_ -> engine);
        assertThat(engine.calls).isEmpty();
    }

    @Test
    void theEngineIsOpenedWithTheFirstQuery() throws IOException {
        int[] opened = {0};
        restart(_ -> {
            opened[0]++;
            return engine;
        });
        assertThat(opened[0]).isZero();
        put(SQL, "");
        put("SELECT 2", "");
        assertThat(opened[0]).isOne();
    }

    @Test
    void aServerThatRunsNoQueries() throws IOException {
        put(SQL, "");
        restart(null);
        String reason = "this server was started without the libraries that queries need";
        QueryStatus status = status();
        assertThat(status.state()).isEqualTo(QueryStatus.State.FAILED);
        assertThat(status.error()).extracting(QueryStatus.Failure::message).isEqualTo(reason);
        ErrorCode code = ErrorCode.QUERIES_UNAVAILABLE;
        assertRefused(() -> put("SELECT 2", ""), code, reason);
        assertRefused(() -> queries().pause(Principal.LOCAL, "q"), code, reason);
        assertRefused(() -> queries().resume(Principal.LOCAL, "q"), code, reason);
        assertRefused(() -> queries().savepoint(Principal.LOCAL, "q"), code, reason);
        restart(_ -> engine);
        assertThat(status().state()).isEqualTo(QueryStatus.State.RUNNING);
    }

    @Test
    void aQueryThatCannotBeStartedIsThereAndSaysWhy() throws IOException {
        put(SQL, "");
        FakeQueryEngine broken = new FakeQueryEngine();
        broken.failWith(new IllegalStateException("no such class"));
        restart(_ -> broken);
        assertThat(status().state()).isEqualTo(QueryStatus.State.FAILED);
        assertThat(status().error())
                .extracting(QueryStatus.Failure::message)
                .isEqualTo("no such class");
        broken.failWith(null);
        put("SELECT 2", "");
        assertThat(broken.calls).endsWith("start q");
        assertThat(status().state()).isEqualTo(QueryStatus.State.RUNNING);
    }

    @Test
    void oneThatWillNotStopKeepsNothingFromStopping() throws IOException {
        put(SQL, "");
        engine.failWith(new IllegalStateException("broken"));
        FakeQueryEngine first = engine;
        restart(_ -> engine);
        assertThat(first.calls).endsWith("stop q", "close");
    }

    @Test
    void pausedResumedAndSecured() {
        put(SQL, "");
        queries().pause(Principal.LOCAL, "q");
        assertThat(status().state()).isEqualTo(QueryStatus.State.PAUSED);
        queries().resume(Principal.LOCAL, "q");
        assertThat(status().state()).isEqualTo(QueryStatus.State.RUNNING);
        assertThat(queries().savepoint(Principal.LOCAL, "q")).isEqualTo("savepoints/1");
        assertRefused(
                () -> queries().pause(Principal.LOCAL, "other"),
                ErrorCode.QUERY_NOT_FOUND,
                "there is no query other");
    }

    @Test
    void nothingIsPlannedByAServerThatStops() {
        put(SQL, "");
        broker.close();
        assertRefused(() -> put("SELECT 2", ""), ErrorCode.SHUTTING_DOWN, "the server is stopping");
    }
}
