package io.millrace.gateway.kafka.share;

import static io.millrace.gateway.kafka.share.ShareBed.event;
import static io.millrace.gateway.kafka.share.ShareClient.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.share.ShareClient.Given;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whose a share session is, and what ends it besides a request.
@Timeout(120)
final class ShareSessionTest {
    private static final int LONG = 20_000;
    private static final int SHORT = 100;
    private static final int ACCEPT = 1;

    @TempDir Path data;
    private ShareBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new ShareBed(data, ShareSettings.DEFAULTS);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private ShareClient client(String member, Topics.Topic topic, long connection) {
        ShareClient client = bed.client("g", member, topic);
        client.connection = connection;
        return client;
    }

    private long waiting() {
        return bed.broker.queues().status(Principal.LOCAL, "jobs").waiting();
    }

    @Test
    void anotherPrincipalDoesNotFindTheSession() {
        Topics.Topic jobs = bed.queue("jobs", "");
        bed.enqueue("jobs", event("a"));
        ShareClient owner = client("m", jobs, 1);
        List<Given> given = owner.fetch(1, LONG);
        ShareClient stranger = client("m", jobs, 2);
        stranger.principal = new Principal("stranger");
        stranger.epoch = owner.epoch;
        assertThat(stranger.acknowledge(say(given, ACCEPT)))
                .isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
        stranger.epoch = owner.epoch;
        assertThat(stranger.fetching(1, SHORT).join().errorCode())
                .isEqualTo(Errors.SHARE_SESSION_NOT_FOUND.code());
        assertThat(stranger.close()).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
        // One of its own is another one.
        assertThat(stranger.fetch(1, SHORT)).isEmpty();
        assertThat(stranger.acknowledge(say(given, ACCEPT))).isEqualTo(Errors.INVALID_RECORD_STATE);
        assertThat(owner.acknowledge(say(given, ACCEPT))).isEqualTo(Errors.NONE);
    }

    @Test
    void aSessionEndsWithItsConnectionAndGivesBackWhatItHolds() {
        Topics.Topic jobs = bed.queue("jobs", ",\"lease\":\"1d\",\"deliveriesMax\":2");
        bed.enqueue("jobs", event("a"), event("b"));
        ShareClient lost = client("m", jobs, 1);
        List<Given> given = lost.fetch(1, LONG);
        given.addAll(lost.fetch(1, LONG, say(given, ACCEPT)));
        ShareClient other = client("n", jobs, 2);
        bed.api.gone(3);
        assertThat(other.fetch(1, SHORT)).isEmpty();
        bed.api.gone(1);
        assertThat(other.fetch(5, LONG)).containsExactly(new Given(4, 1, 2, "b"));
        assertThat(lost.acknowledge()).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
        // It was given out as often as it may.
        bed.api.gone(2);
        Awaitility.await().until(() -> bed.ledger("jobs").deadLettered() == 1);
        assertThat(bed.ledger("jobs").pending()).isZero();
    }

    @Test
    void whoHasComeBackOnAnotherConnectionKeepsWhatItHolds() {
        Topics.Topic jobs = bed.queue("jobs", "");
        bed.enqueue("jobs", event("a"));
        ShareClient client = client("m", jobs, 1);
        List<Given> given = client.fetch(1, LONG);
        client.connection = 2;
        client.epoch = 0;
        assertThat(client.fetch(1, SHORT)).isEmpty();
        bed.api.gone(1);
        assertThat(client.acknowledge(say(given, ACCEPT))).isEqualTo(Errors.NONE);
    }

    @Test
    void aFetchThatWaitsEndsWithItsConnection() {
        Topics.Topic jobs = bed.queue("jobs", "");
        Runnable vanish = client("m", jobs, 1).fetchAndVanish(5, LONG);
        Awaitility.await().until(() -> waiting() == 1);
        vanish.run();
        bed.api.gone(1);
        Awaitility.await().until(() -> waiting() == 0);
    }

    /// Between the look at the connection and what follows from it.
    @Test
    void whatIsGivenWhileTheConnectionEndsIsNotLost() {
        Topics.Topic jobs = bed.queue("jobs", ",\"lease\":\"1d\"");
        bed.enqueue("jobs", event("a"));
        client("m", jobs, 1).fetchAndVanishUnnoticed(5, LONG, () -> bed.api.gone(1));
        assertThat(client("n", jobs, 2).fetch(1, LONG)).containsExactly(new Given(4, 0, 2, "a"));
    }
}
